import { type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { ServiceError } from '../error.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const utc = z.iso.datetime({ offset: true });

/** What a device's sensors said at the moment of a photo. */
const reading = z.strictObject({
  format: z.literal('tuban-reading-1'),
  device: z.string().regex(/^[0-9a-f]{16}$/),
  /** sha256 of the photo's file. */
  photo: sha256,
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  /** Metres, of the position. */
  accuracyM: z.number().min(0).max(1e6),
  /** Degrees clockwise from true north; null where the device has no compass. */
  azimuth: z.number().min(0).lt(360).nullable(),
  at: utc,
});

export type Reading = z.infer<typeof reading>;

const signed = z.strictObject({ ...reading.shape, signature: z.base64() });

export type SignedReading = z.infer<typeof signed>;

/** Of a file: one reading, or several. @throws ServiceError bad-input naming the file and the field */
export function parseReadings(text: string, name: string): SignedReading[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ServiceError('bad-input', `${name}: wanted a signed reading as JSON; ${(error as Error).message}.`);
  }
  return (Array.isArray(value) ? value : [value]).map((one) => checkReading(one, name));
}

/** @throws ServiceError bad-input */
export function checkReading(value: unknown, name: string): SignedReading {
  const result = signed.safeParse(value);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new ServiceError('bad-input', `${name}: is no signed reading: ${path.join('.') || 'it'}: ${message}.`);
}

/** The text that the device signs. */
export function signedText(reading: Reading): string {
  return canonicalJson(reading);
}

/** @throws ServiceError bad-input where the signature is not the key's over this reading */
export function verifyReading({ signature, ...reading }: SignedReading, key: KeyObject, name: string): void {
  if (verify(null, Buffer.from(signedText(reading)), key, Buffer.from(signature, 'base64'))) return;
  const what = `the signature is not that of the device ${reading.device} over this reading`;
  throw new ServiceError('bad-input', `${name}: ${what}: it, or the reading, was changed.`);
}
