import { z } from '@hono/zod-openapi';
import { label } from './opinion-schemas.ts';
import * as parameter from './parameters.ts';
import { day, geometry, time } from './schemas.ts';

/** Bodies of the field page. */

const held = z.object({ person: z.string(), phone: z.string().nullable() }).nullable();
const choice = z.object({ code: z.string(), zh: z.string(), en: z.string() });

export const fieldTask = z
  .object({
    id: z.string(),
    number: z.string(),
    month: z.string(),
    district: z.string(),
    districtName: z.string(),
    type: z.string(),
    areaM2: z.number(),
    areaMu: z.number(),
    state: z.string(),
    stateLabel: label,
    wants: z.object({ action: z.string(), label }).openapi({ description: 'The step that waits for the field.' }),
    whose: z
      .enum(['assigned', 'grid', 'district'])
      .openapi({ description: 'Given to who asks, in their grid, or of their district.' }),
    grid: z.string().nullable(),
    fieldChief: held,
    handler: held,
    opinion: z.object({ note: z.string(), at: time }).nullable(),
    dueAt: time.nullable(),
    overdue: z.boolean(),
    beforeDate: day,
    afterDate: day,
    layers: z.array(z.string()),
    bbox: z.array(z.number()).length(4),
    outline: geometry,
    sent: z.object({ photos: z.int(), forms: z.int() }),
    distanceM: z.number().nullable().openapi({ description: 'To the middle of its box, where near was asked.' }),
    version: z.int(),
  })
  .openapi('FieldTask');
export type FieldTaskBody = z.infer<typeof fieldTask>;

export const fieldTasksBody = z
  .object({
    tasks: z.array(fieldTask),
    total: z.int(),
    choices: z
      .object({ seen: z.array(choice), uses: z.array(choice) })
      .openapi({ description: 'What a form may say, so that it can be filled in without the server.' }),
  })
  .openapi('FieldTasks');
export type FieldTasksBody = z.infer<typeof fieldTasksBody>;

const test = z.object({ check: z.string(), label, outcome: z.string(), said: label });

export const sentPhoto = z
  .object({
    id: z.string().openapi({ description: 'What payload.evidence of a step names.' }),
    sha256: z.string(),
    format: z.enum(['jpeg', 'heic']),
    bytes: z.int(),
    takenBy: z.string().nullable(),
    addedAt: time,
    position: z.object({ lon: z.number(), lat: z.number() }).nullable(),
    accuracyM: z.number().nullable(),
    azimuth: z.number().nullable(),
    takenAt: z
      .object({ file: time.nullable(), phone: time.nullable(), counted: time.nullable() })
      .openapi({ description: 'By EXIF, by the phone, and which of them the tests count.' }),
    tests: z.array(test),
  })
  .openapi('SentPhoto');
export type SentPhoto = z.infer<typeof sentPhoto>;

export const takenPhoto = sentPhoto
  .extend({ isNew: z.boolean().openapi({ description: 'False where the patch had it before.' }) })
  .openapi('TakenPhoto');
export type TakenPhoto = z.infer<typeof takenPhoto>;

const short = (what: string, most: number) =>
  z.string({ error: what }).trim().min(1, what).max(most, `${what} of at most ${most} letters`);
const code = z.string({ error: 'a code of the list' }).regex(/^[a-z-]{1,40}$/, 'a code of the list');
const sha256 = z.string({ error: 'a sha256 in hex' }).regex(/^[0-9a-f]{64}$/, 'a sha256 in hex');

export const formBody = z
  .strictObject(
    {
      seen: z.array(code, { error: 'a list of codes' }).min(1, 'at least one code').max(20, 'at most 20 codes'),
      use: code.nullable().default(null),
      occupier: short('a name', 200).nullable().default(null),
      stopped: z.boolean({ error: 'true or false' }).nullable().default(null),
      remedyM2: z
        .number({ error: 'an area in m²' })
        .min(0, 'an area in m²')
        .max(1e9, 'an area in m²')
        .nullable()
        .default(null),
      note: short('a text', 2000).nullable().default(null),
      photos: z.array(sha256, { error: 'a list' }).max(100, 'at most 100 photos').default([]),
      done: z.boolean({ error: 'true or false' }).default(true),
      filledAt: parameter.instant,
    },
    { error: 'a JSON object with what was seen' },
  )
  .openapi('FieldForm');

export const sentForm = z
  .object({
    id: z.string(),
    sentBy: z.string(),
    addedAt: time,
    action: z.string().openapi({ description: 'The step it came into the history with.' }),
    state: z.string().openapi({ description: 'Of the patch after it.' }),
    version: z.int(),
    findings: z.record(z.string(), z.unknown()),
  })
  .openapi('SentForm');
export type SentForm = z.infer<typeof sentForm>;
export const takenForm = sentForm.extend({ isNew: z.boolean() }).openapi('TakenForm');
