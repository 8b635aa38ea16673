import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Insertable } from 'kysely';
import { keepFile } from '../archive/kept-file.ts';
import { ServiceError } from '../error.ts';
import { contentId } from '../month/evidence.ts';
import { sha256Of } from '../sha256.ts';
import type { CasePaperTable } from '../store/schema-handover.ts';

/** Of one paper: scans of many pages are tens of megabytes. */
const MOST_PAPER_BYTES = 128 * 2 ** 20;

interface Form {
  ending: string;
  begins(bytes: Buffer): boolean;
}

/** By the ending of the name: a file that is something else than its name says is refused. */
const FORMS: Readonly<Record<string, Form>> = {
  '.pdf': form('pdf', '255044462d'),
  '.jpg': form('jpg', 'ffd8ff'),
  '.jpeg': form('jpg', 'ffd8ff'),
  '.png': form('png', '89504e470d0a'),
  '.docx': form('docx', '504b0304'),
  '.json': { ending: 'json', begins: isJson },
  '.txt': { ending: 'txt', begins: (bytes) => !bytes.includes(0) },
};

/** A paper as it is handed in. */
export interface PaperFile {
  /** As it was called. */
  name: string;
  format: string;
  bytes: Uint8Array;
}

export interface PaperFrom {
  subject: CasePaperTable['subject'];
  subjectId: string;
  district: string;
  kind: CasePaperTable['kind'];
  fromName: string;
  note: string | null;
  actor: string;
  at: Date;
  fact: object | null;
}

/** Where a kept paper lies in a workspace: its name is its content. */
export function paperPath(home: string, sha256: string, format: string): string {
  return join(home, 'papers', sha256.slice(0, 2), `${sha256}.${format}`);
}

/** @throws ServiceError bad-input where it is missing, too large, or not what its name says */
export async function readPaper(path: string): Promise<PaperFile> {
  const facts = await stat(path).catch((error: Error) => {
    throw new ServiceError('bad-input', `${path}: wanted a paper, but it cannot be read: ${error.message}.`);
  });
  if (!facts.isFile() || facts.size === 0 || facts.size > MOST_PAPER_BYTES) {
    const got = facts.isFile() ? `${facts.size} bytes` : 'something else';
    throw new ServiceError('bad-input', `${path}: wanted a paper, a file of 1 byte to 128 MiB, got ${got}.`);
  }
  const bytes = await readFile(path);
  const form = FORMS[extname(path).toLowerCase()];
  if (!form?.begins(bytes)) {
    const wanted = `wanted a paper as ${[...new Set(Object.values(FORMS).map(({ ending }) => ending))].join(', ')}`;
    throw new ServiceError('bad-input', `${path}: ${wanted}; its content is none of the kind that its name says.`);
  }
  return { name: basename(path), format: form.ending, bytes };
}

/** Keeps the paper's bytes and gives the row that says so; on the disk before a row names it. */
export async function keepPaper(home: string, file: PaperFile, from: PaperFrom): Promise<Insertable<CasePaperTable>> {
  const { subject, subjectId, district, kind, fromName, note, actor, at, fact } = from;
  if (fromName.trim() === '') throw new ServiceError('bad-input', `${file.name}: wanted the name of who it is from.`);
  const sha256 = sha256Of(file.bytes);
  await keepFile(paperPath(home, sha256, file.format), file.bytes, 'paper');
  return {
    id: contentId('paper', sha256, subject, subjectId, kind),
    ...{ subject, subjectId, district, kind, note },
    fromName: fromName.trim(),
    fileName: file.name.slice(0, 200),
    format: file.format,
    sha256,
    bytes: file.bytes.byteLength,
    addedAt: at.toISOString(),
    addedBy: actor,
    factJson: fact && JSON.stringify(fact),
  };
}

function form(ending: string, beginning: string): Form {
  const wanted = Buffer.from(beginning, 'hex');
  return { ending, begins: (bytes) => bytes.subarray(0, wanted.length).equals(wanted) };
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}
