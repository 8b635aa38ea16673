import { z } from 'zod';
import { parsed } from '../../field/pack/manifest.ts';

/** The file in a bundle that names all others, and the signature over its bytes. */
export const MANIFEST = 'manifest.json';
export const SIGNATURE = 'manifest.sig';

/** Written into every bundle: which edition of the layout it is of. */
export const EDITION = 'tuban-bundle-1';

/** Folders and names of plain letters: nothing that leads out, hides or means something else on another system. */
const fileName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-][A-Za-z0-9._@-]*(\/[A-Za-z0-9_-][A-Za-z0-9._@-]*)*$/)
  .refine((name) => name !== MANIFEST && name !== SIGNATURE);

const label = z.strictObject({ zh: z.string(), en: z.string() });

const manifest = z.strictObject({
  format: z.literal(EDITION),
  kind: z.enum(['patch', 'hand-over']),
  /** Number of the patch, id of the case. */
  subject: z.string().min(1).max(100),
  at: z.iso.datetime(),
  askedBy: z.string().min(1).max(200),
  /** What made what is in it: layout, detector, lifecycle, rule sets. */
  versions: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** Of the workspace that signed: the first 16 digits of the key's sha256, and the key (PEM). */
  key: z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/), publicKey: z.string().max(1000) }),
  /** In which coordinates and units the files speak. */
  notes: z.array(label),
  /** What belongs into such a bundle and is not in this one, and why. */
  missing: z.array(z.strictObject({ what: z.string(), why: label })),
  files: z
    .array(
      z.strictObject({
        name: fileName,
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        what: label,
      }),
    )
    .max(60_000)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file is named twice'),
});

export type Manifest = z.infer<typeof manifest>;
export type Missing = Manifest['missing'][number];

/** @throws ServiceError bad-input naming the bundle and the field */
export function parseManifest(bytes: Uint8Array, bundle: string): Manifest {
  return parsed(manifest, bytes, `${bundle}: ${MANIFEST}`);
}
