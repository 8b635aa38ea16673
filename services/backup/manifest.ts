import { z } from 'zod';
import { sha256Of } from '../sha256.ts';

/** The files of a backup beside those of the workspace. */
export const MANIFEST = 'manifest.json';
export const MANIFEST_HASH = 'manifest.sha256';
export const SQLITE_FILE = 'database/tuban.db';
export const POSTGRES_FILE = 'database/postgres.dump';
/** Where the workspace's own files lie in it. */
export const FILES = 'files/';

const manifestForm = z.strictObject({
  format: z.literal('tuban-backup'),
  version: z.literal(1),
  /** UTC. */
  at: z.string(),
  database: z.enum(['sqlite', 'postgres']),
  /** End of the event log in it; null: the log was empty, or is only in the dump of a PostgreSQL database. */
  head: z.strictObject({ seq: z.number().int(), hash: z.string() }).nullable(),
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.number().int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      mode: z.number().int(),
    }),
  ),
  /** Folders of images that were not taken along. */
  leftOut: z.array(z.string()),
});

export type Manifest = z.output<typeof manifestForm>;
export type BackupFile = Manifest['files'][number];

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 1)}\n`;
}

/** @throws Error in a few words */
export function parseManifest(text: Buffer, hash: Buffer): Manifest {
  if (hash.toString('latin1') !== `${sha256Of(text)}\n`) throw new Error(`its ${MANIFEST} was changed`);
  const { data } = manifestForm.safeParse(JSON.parse(text.toString()));
  if (data === undefined) throw new Error(`its ${MANIFEST} is of another kind or a newer version`);
  const astray = data.files.find(({ name }) => /\\|\0|^\/|(^|\/)\.{0,2}(\/|$)/.test(name));
  if (astray !== undefined) throw new Error(`it names ${JSON.stringify(astray.name)}, which leads out of it`);
  return data;
}
