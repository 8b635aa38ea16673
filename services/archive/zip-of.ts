import { basename } from 'node:path';
import { ZipWriter } from './zip-writer.ts';

/** Puts files into one zip under their own names; returns where it is. @throws ServiceError bad-input as ZipWriter */
export async function zipOf(files: readonly string[], path: string): Promise<string> {
  const zip = await ZipWriter.create(path);
  try {
    for (const file of files) await zip.addFile(basename(file), file);
    await zip.finish();
    return path;
  } catch (error) {
    await zip.abandon();
    throw error;
  }
}
