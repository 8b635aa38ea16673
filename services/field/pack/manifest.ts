import { z } from 'zod';
import { ServiceError } from '../../error.ts';

/** The file in a package that names all others, and the signature over its bytes. */
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';

/** Folders and names of plain letters: nothing that leads out, hides or means something else on another system. */
const fileName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/)
  .refine((name) => name !== MANIFEST && name !== SIGNATURE);

const manifest = z.strictObject({
  format: z.literal('tuban-pack-1'),
  kind: z.enum(['tasks', 'evidence']),
  /** Id of the key that signed: the workspace's of tasks, a device's of evidence. */
  signedBy: z.string().regex(/^[0-9a-f]{16}$/),
  at: z.iso.datetime(),
  files: z
    .array(z.strictObject({ name: fileName, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }))
    .max(20_000)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file is named twice'),
});

export type Manifest = z.infer<typeof manifest>;

/** @throws ServiceError bad-input naming the package and the field */
export function parseManifest(bytes: Uint8Array, pack: string): Manifest {
  return parsed(manifest, bytes, `${pack}: ${MANIFEST}`);
}

/** JSON of a given form. @throws ServiceError bad-input */
export function parsed<T>(form: z.ZodType<T>, bytes: Uint8Array, name: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ServiceError('bad-input', `${name}: wanted JSON; ${(error as Error).message}.`);
  }
  const result = form.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new ServiceError('bad-input', `${name}: ${path.join('.') || 'it'}: ${message}.`);
}
