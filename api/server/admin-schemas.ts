import { z } from '@hono/zod-openapi';
import { day, month } from './parameters.ts';

/** Bodies of what administrators look after. */

const when = z.string().openapi({ format: 'date-time' });

const stage = z.enum(['estimate', 'compare', 'watch', 'queue']).openapi({
  description: 'Fitting pairs of scenes, comparing cells, looking after closed patches, filling the queue.',
});

const runLine = z.object({
  at: when,
  month,
  what: z.enum(['started', 'stage', 'warning', 'done', 'failed']),
  text: z.string().openapi({ description: 'Who started it, the stage, or a sentence.' }),
});

const runProgress = z.object({
  month,
  by: z.string(),
  startedAt: when,
  stage: stage.nullable().openapi({ description: 'Null: it is being planned.' }),
  done: z.int(),
  total: z.int(),
  stopping: z.boolean(),
});

export const runDesk = z
  .object({
    running: runProgress.nullable().openapi({ description: 'Null: this server runs no month now.' }),
    elsewhere: z
      .object({ holder: z.string(), since: when })
      .nullable()
      .openapi({ description: 'Another process runs a month on this database.' }),
    lines: z.array(runLine).openapi({ description: 'The latest, oldest first.' }),
  })
  .openapi('RunDesk');
export type RunDesk = z.infer<typeof runDesk>;

export const runOrder = z.strictObject({ month }).openapi('RunOrder');

const planScene = z.object({ id: z.string(), date: day, sensor: z.string().nullable() });

export const runPlan = z
  .object({
    month,
    method: z.string(),
    bands: z.array(z.string()),
    afters: z.array(planScene).openapi({ description: 'Scenes of the month, latest first.' }),
    befores: z.array(planScene).openapi({ description: 'The earlier ones it is compared with, latest first.' }),
    cells: z.int(),
    layers: z.array(z.object({ name: z.string(), validFrom: day })),
  })
  .openapi('RunPlan');
export type RunPlan = z.infer<typeof runPlan>;

export const schedule = z
  .object({
    cron: z.string().nullable().openapi({ description: 'Read in Asia/Shanghai; null: nothing is run by itself.' }),
    reach: z.enum(['run', 'open', 'issue', 'close']),
    next: when.nullable(),
    due: z.array(month).openapi({ description: 'What the next tick would run, oldest first.' }),
  })
  .openapi('Schedule');
export type Schedule = z.infer<typeof schedule>;

export const sceneRow = z
  .object({
    id: z.string(),
    date: day,
    time: z.string().nullable(),
    sensor: z.string(),
    kind: z.enum(['optical', 'sar']),
    bands: z.array(z.string()),
    gsdM: z.number().openapi({ description: 'Side of a pixel on the ground, m.' }),
    bbox: z.array(z.number()).openapi({ description: 'minLon, minLat, maxLon, maxLat.' }),
    cloudFraction: z.number().nullable(),
    bytes: z.number().nullable(),
    licence: z.string().nullable(),
    addedAt: when,
    months: z.array(month).openapi({ description: 'Whose finished runs rest on it.' }),
  })
  .openapi('SceneRow');
export type SceneRow = z.infer<typeof sceneRow>;

export const inbox = z
  .object({
    watched: z.boolean().openapi({ description: 'Whether this server takes images out of a folder.' }),
    waiting: z.array(z.object({ name: z.string(), bytes: z.number(), changedAt: when })),
    refused: z.array(z.object({ name: z.string(), bytes: z.number(), changedAt: when })),
    events: z
      .array(
        z.object({
          at: when,
          what: z.enum(['taken', 'refused', 'stuck']),
          name: z.string(),
          scene: z.string().nullable(),
          reason: z.string().nullable(),
        }),
      )
      .openapi({ description: 'Since the server was started, latest first.' }),
  })
  .openapi('Inbox');
export type Inbox = z.infer<typeof inbox>;

export const receiver = z
  .object({
    id: z.string(),
    kind: z.enum(['webhook', 'mail']),
    address: z.string(),
    district: z.string(),
    types: z.array(z.string()),
    digest: z.string(),
    state: z.string(),
    note: z.string().nullable(),
    addedAt: when,
    waiting: z.int(),
    delivered: z.int(),
    dead: z.int(),
  })
  .openapi('Receiver');
export type Receiver = z.infer<typeof receiver>;

export const delivery = z
  .object({
    seq: z.int(),
    type: z.string(),
    messageId: z.string(),
    state: z.string(),
    attempts: z.int(),
    status: z.int().nullable(),
    problem: z.string().nullable(),
    nextAt: z.string().nullable(),
  })
  .openapi('Delivery');
export type Delivery = z.infer<typeof delivery>;

export const anchor = z.object({ seq: z.int(), hash: z.string(), count: z.int(), at: when }).openapi('Anchor');
export type Anchor = z.infer<typeof anchor>;

export const verification = z
  .object({
    ok: z.boolean(),
    events: z.int(),
    head: z.object({ seq: z.int(), hash: z.string() }),
    firstBroken: z.int().nullable(),
    faults: z.array(z.string()).openapi({ description: 'The first of each kind, one line each.' }),
  })
  .openapi('Verification');
export type Verification = z.infer<typeof verification>;

export const read = z
  .object({
    seq: z.int(),
    at: when,
    actor: z.string(),
    what: z.string(),
    patch: z.string().nullable(),
    filter: z.string(),
    rows: z.int().nullable(),
  })
  .openapi('Read');
export type Read = z.infer<typeof read>;
