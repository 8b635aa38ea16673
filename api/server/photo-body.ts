import { readFile } from 'node:fs/promises';
import type { ReadableStream } from 'node:stream/web';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Statement } from '../../services/field/statement.ts';
import { ApiError } from '../error.ts';
import { countedBody, refuseLength } from './layer-body.ts';
import * as parameter from './parameters.ts';

/** Most bytes of a photo sent over the network: a phone's are 2 to 12 MB. */
export const MOST_SENT_BYTES = 20_000_000;
/** Beside the photo, in a form. */
const FORM_BYTES = 20_000;

const types = /^(image\/(jpeg|heic|heif)|multipart\/form-data)\b/i;

const number = (least: number, most: number, what: string) => {
  const wanted = `${what} from ${least} to ${most}`;
  return z
    .string({ error: wanted })
    .regex(/^-?\d{1,7}(\.\d{1,12})?$/, wanted)
    .transform(Number)
    .refine((value) => value >= least && value <= most, wanted)
    .openapi({ type: 'number', minimum: least, maximum: most });
};

/** What the phone says beside the photo; strings, as a query and the fields of a form both are. */
const saidShape = {
  lon: number(-180, 180, 'degrees').optional().openapi({ description: 'Where the phone was, WGS 84.' }),
  lat: number(-90, 90, 'degrees').optional(),
  accuracyM: number(0, 1_000_000, 'metres').optional(),
  azimuth: number(0, 360, 'degrees').optional().openapi({ description: 'Whither it looked, from north clockwise.' }),
  azimuthBy: z.enum(['compass', 'hand'], { error: 'compass or hand' }).optional(),
  takenAt: parameter.instant.optional().openapi({ description: 'By the phone’s clock; EXIF is kept beside it.' }),
  sentAt: parameter.instant.optional().openapi({ description: 'By the same clock: tells what it is off by.' }),
};
const complete = 'longitude and latitude together';
export const photoQuery = z
  .strictObject(saidShape)
  .refine(({ lon, lat }) => (lon === undefined) === (lat === undefined), { error: complete, path: ['lat'] });
type Said = z.output<typeof photoQuery>;

export function statementOf(said: Said): Statement {
  const { lon = null, lat = null, accuracyM = null, azimuth = null, azimuthBy = null } = said;
  const { takenAt = null, sentAt = null } = said;
  return { lon, lat, accuracyM, azimuth: azimuth === null ? null : azimuth % 360, azimuthBy, takenAt, sentAt };
}

/** The body as it arrives. @throws ApiError unsupported-media-type, too-large, bad-request */
export function photoStream(c: Context): AsyncIterable<Uint8Array> {
  const type = c.req.header('content-type') ?? 'nothing';
  if (!types.test(type)) {
    const wanted = 'as image/jpeg, image/heic or multipart/form-data';
    throw new ApiError('unsupported-media-type', `A photo is sent ${wanted}; got ${type.slice(0, 80)}.`);
  }
  const most = isForm(type) ? MOST_SENT_BYTES + FORM_BYTES : MOST_SENT_BYTES;
  refuseLength(c.req.header('content-length'), most, 'A photo');
  const body = c.req.raw.body as ReadableStream<Uint8Array> | null;
  if (body === null) throw new ApiError('bad-request', 'The body must be a photo; got nothing.');
  return countedBody(body, most, 'A photo');
}

/** The photo of what has arrived, and what was said beside it: in the form, else in the query. */
export async function arrivedPhoto(
  path: string,
  type: string,
  query: Said,
): Promise<{ name: string; bytes: Uint8Array; said: Said }> {
  const bytes = new Uint8Array(await readFile(path));
  if (!isForm(type)) return { name: 'photo', bytes, said: query };
  const form = await new Response(bytes, { headers: { 'Content-Type': type } }).formData().catch((error: unknown) => {
    throw new ApiError('bad-request', 'The body must be a form as multipart/form-data; it cannot be read.', [], error);
  });
  const { photo, ...fields } = Object.fromEntries(form);
  if (!(photo instanceof Blob)) throw new ApiError('bad-request', "The form must hold the file 'photo'; it does not.");
  const said = photoQuery.safeParse({ ...fields });
  if (!said.success) {
    const [{ path: field, message }] = said.error.issues;
    throw new ApiError('bad-request', `Form field '${field.join('.') || 'of another name'}' must be ${message}.`);
  }
  return { name: 'photo', bytes: new Uint8Array(await photo.arrayBuffer()), said: { ...query, ...said.data } };
}

function isForm(type: string): boolean {
  return /^multipart\//i.test(type);
}
