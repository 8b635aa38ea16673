import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RasterInfo } from '../../imagery/raster.ts';
import type { ErrorMessage } from '../../services/jobs/thread-message.ts';

/** What the product makes of a file. */
export interface Reading {
  path: string;
  ms: number;
  error?: ErrorMessage;
  info?: RasterInfo;
  damage?: string[];
  /** As of the oracle: at = where samples begin, band after band; maskAt = where the mask does. */
  levels?: { width: number; height: number; at: number | null; maskAt: number | null }[];
}

export interface ReadingProcess {
  readings: Map<string, Reading>;
  exitCode: number | null;
  /** Largest resident size of the process, MiB; NaN where it did not come to say so. */
  maxRssMb: number;
}

const program = fileURLToPath(new URL('./read-mutants.ts', import.meta.url));

/** Has files read in a process of their own. @param list path of a JSON array of paths @param raw where samples go */
export function readInProcess(list: string, raw: string): Promise<ReadingProcess> {
  const child = spawn(process.execPath, [program, list, raw], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      const lines = text
        .slice(0, text.lastIndexOf('\n') + 1)
        .split('\n')
        .filter(Boolean);
      const told = lines.map((line) => JSON.parse(line));
      const end = told.find((line) => 'maxRssMb' in line);
      const readings = new Map<string, Reading>(told.filter((line) => 'path' in line).map((line) => [line.path, line]));
      resolve({ readings, exitCode, maxRssMb: end?.maxRssMb ?? Number.NaN });
    });
  });
}
