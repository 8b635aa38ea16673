import { z } from '@hono/zod-openapi';
import { label, opinion, patchTheme } from './opinion-schemas.ts';

/** The bodies that the API sends, shared by its routes and (as types only) by the console. */

export const link = z
  .object({ href: z.string(), rel: z.string(), type: z.string().optional(), title: z.string().optional() })
  .openapi('Link');
export type Link = z.infer<typeof link>;

export const day = z.string().openapi({ format: 'date' });
export const time = z.string().openapi({ format: 'date-time', description: 'UTC' });
const share = z.number().min(0).max(1);

export const geometry = z
  .object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.any()) })
  .openapi('Geometry', { description: 'GeoJSON, longitude and latitude in degrees.' });

const zoneGeometry = z.object({
  type: z.enum(['Polygon', 'MultiPolygon', 'LineString', 'MultiLineString']),
  coordinates: z.array(z.any()),
});

const reason = z.object({ code: z.string(), label, noteNeeded: z.boolean().optional() });

export const action = z.object({
  action: z.string(),
  label,
  to: z.string().openapi({ description: 'The state it leads to.' }),
  needs: z
    .array(z.string())
    .readonly()
    .openapi({ description: 'What must be handed in; all but the reason in payload.' }),
  asks: z.array(z.string()).readonly().openapi({ description: 'What of payload may be handed in beside it.' }),
  reasons: z.array(reason).readonly().nullable(),
  who: z.object({ level: z.string(), role: z.string() }).openapi({ description: 'The least that may take it.' }),
});
export type Action = z.infer<typeof action>;

const patchItem = z
  .object({
    id: z.string(),
    number: z.string().openapi({ description: 'JCBH: district, year, month, sequence; unique for ever.' }),
    month: z.string(),
    district: z.string(),
    districtName: z.string(),
    type: z.string().openapi({ description: 'What it turned into, e.g. built, road, bare, or a TBLX code.' }),
    areaM2: z.number().openapi({ description: 'Area on the ellipsoid, m².' }),
    areaMu: z.number().openapi({ description: 'The same in 亩 (1 m² = 0.0015 亩).' }),
    score: z.number().openapi({ description: 'Mean change score over the threshold.' }),
    layers: z.array(z.string()).openapi({ description: 'Names of the layers it lies in.' }),
    state: z.string(),
    dueAt: time.nullable().openapi({ description: 'Null where the state waits for nobody.' }),
    version: z.number().int(),
    beforeDate: day.openapi({ description: 'Last clear look unchanged.' }),
    afterDate: day.openapi({ description: 'First clear look changed.' }),
    bbox: z.array(z.number()).length(4).openapi({ description: 'minLon, minLat, maxLon, maxLat' }),
  })
  .openapi('Patch');
export type PatchItem = z.infer<typeof patchItem>;

export const patchPage = z
  .object({
    patches: z.array(patchItem),
    total: z.number().int().openapi({ description: 'On all pages.' }),
    next: z.string().nullable().openapi({ description: 'Cursor of the next page; null at the end.' }),
    snapshot: z.string().openapi({ description: 'Equal snapshot and filter, equal numbers, here and elsewhere.' }),
  })
  .openapi('PatchPage');
export type PatchPage = z.infer<typeof patchPage>;

const overlap = z.object({
  zoneId: z.int(),
  layer: z.string(),
  externalId: z.string(),
  name: z.string(),
  areaM2: z.number(),
  areaMu: z.number(),
  shareOfPatch: share,
});

export const event = z.object({
  id: z.string(),
  action: z.string(),
  fromState: z.string().nullable(),
  toState: z.string(),
  actor: z.string(),
  reason: z.string().nullable(),
  payload: z.record(z.string(), z.unknown()),
  at: time,
});

export const patchDetail = patchItem
  .extend({
    placeId: z.string(),
    geometry,
    overlaps: z.array(overlap),
    detection: z.object({
      id: z.string(),
      typeConfidence: share,
      observedFraction: share.openapi({ description: 'Share of the pixels around it that both dates saw.' }),
      evidence: z.record(z.string(), z.unknown()).openapi({ description: 'Scenes, hashes, detector, parameters.' }),
    }),
    opinion: opinion.nullable().openapi({ description: 'Formed by the rules; a person judges and signs.' }),
    themes: z.array(patchTheme),
    samePlace: z.array(z.object({ id: z.string(), number: z.string(), month: z.string(), state: z.string() })),
    judgement: z.string().nullable(),
    stopped: z
      .object({ at: time, heldDueAt: time })
      .nullable()
      .openapi({ description: 'Since when the clock stands still, and what was due then.' }),
    cases: z.array(z.object({ id: z.string(), title: z.string(), state: z.string() })),
    history: z.array(event),
    actions: z.array(action).openapi({ description: 'The steps possible now.' }),
  })
  .openapi('PatchDetail');
export type PatchDetail = z.infer<typeof patchDetail>;

export const transitionBody = z
  .strictObject(
    {
      action: z.string({ error: 'the name of a step' }).regex(/^[a-z-]{1,40}$/, 'the name of a step'),
      reason: z.string({ error: "a code of the step's reasons" }).max(60, 'a code of at most 60 letters').optional(),
      note: z.string({ error: 'a text' }).max(4000, 'a text of at most 4000 letters').optional(),
      payload: z.record(z.string(), z.unknown(), { error: 'an object' }).optional(),
      expectedVersion: z.number({ error: 'a version number' }).int('a version number').optional(),
    },
    { error: 'a JSON object with an action' },
  )
  .openapi('Transition');

const monthRow = z.object({
  district: z.string(),
  name: z.string(),
  found: z.number().int(),
  warned: z.number().int(),
  open: z.number().int(),
  overdue: z.number().int(),
  resolved: z.number().int(),
  dismissed: z.number().int(),
  areaM2: z.number(),
  totalM2: z.number().nullable(),
  observedM2: z.number().nullable(),
  observedFraction: share.nullable().openapi({ description: 'Null where no run has measured it.' }),
});
export type MonthRow = z.infer<typeof monthRow>;

export const monthTable = z
  .object({
    month: z.string(),
    at: time.openapi({ description: 'When it was drawn up, and what overdue refers to.' }),
    rows: z.array(monthRow),
    total: monthRow,
  })
  .openapi('MonthTable');
export type MonthTable = z.infer<typeof monthTable>;

export const months = z.object({ months: z.array(z.string()) }).openapi('Months');

export const run = z
  .object({
    id: z.string(),
    month: z.string(),
    district: z.string().nullable(),
    state: z.enum(['planned', 'running', 'done', 'failed']),
    startedAt: time,
    finishedAt: time.nullable(),
    error: z.string().nullable(),
    summary: z.record(z.string(), z.unknown()).nullable(),
  })
  .openapi('Run');

export const runDetail = run.extend({ plan: z.record(z.string(), z.unknown()).nullable() }).openapi('RunDetail');

export const changeTypes = z
  .object({ types: z.array(z.object({ code: z.string(), tblx: z.string(), label })) })
  .openapi('ChangeTypes');
export type ChangeTypes = z.infer<typeof changeTypes>;

const stateRow = z.object({
  name: z.string(),
  label,
  stage: z.enum(['find', 'warn', 'resolve']),
  outcome: z.enum(['open', 'resolved', 'dismissed', 'replaced']),
});
export type StateRow = z.infer<typeof stateRow>;

const transitionRow = z.object({
  action: z.string(),
  label,
  from: z.array(z.string()).readonly(),
  to: z.string().nullable(),
  needs: z.array(z.string()).readonly(),
  asks: z.array(z.string()).readonly(),
  reasons: z.string().optional().openapi({ description: 'Name of the list of reasons.' }),
  who: z.object({ level: z.string(), role: z.string() }),
});

export const lifecycleBody = z
  .object({
    edition: z.string(),
    states: z.object({ patch: z.array(stateRow).readonly(), case: z.array(stateRow).readonly() }),
    transitions: z.object({ patch: z.array(transitionRow).readonly(), case: z.array(transitionRow).readonly() }),
    judgements: z.array(z.object({ code: z.string(), label, leadsTo: z.enum(['close', 'rectify']) })).readonly(),
    reasons: z.record(z.string(), z.array(reason).readonly()),
    causes: z.array(reason).readonly().openapi({ description: 'What payload.cause is taken from.' }),
  })
  .openapi('Lifecycle');
export type Lifecycle = z.infer<typeof lifecycleBody>;

export const workspaceBody = z
  .object({
    name: z.string(),
    simulated: z.boolean().openapi({ description: 'True: every image, zone and patch in it is made up.' }),
    timeZone: z.string(),
    basemap: z
      .object({ url: z.string(), attribution: z.string() })
      .nullable()
      .openapi({ description: 'Tiles of another server for the map, with {z}, {x} and {y}; null: none.' }),
    now: time.openapi({ description: "The workspace's clock; a simulated workspace has one of its own." }),
    access: z.object({
      actor: z.string(),
      role: z.enum(['viewer', 'field', 'handler', 'reviewer', 'admin']),
      district: z.string(),
      office: z
        .object({ level: z.string(), duty: z.string(), district: z.string() })
        .nullable()
        .openapi({ description: 'In which the bearer takes steps; null: only looks.' }),
    }),
  })
  .openapi('Workspace');
export type Workspace = z.infer<typeof workspaceBody>;

export const chipFrame = z
  .object({
    width: z.number(),
    height: z.number(),
    outline: z.array(z.array(z.tuple([z.number(), z.number()]))).openapi({
      description: 'Rings in pixels of both pictures: x right, y down.',
    }),
    beforeDate: day,
    afterDate: day,
    corners: z
      .array(z.tuple([z.number(), z.number()]))
      .optional()
      .openapi({ description: 'Longitude and latitude of the corners, from the top left, clockwise.' }),
  })
  .openapi('ChipFrame');
export type ChipFrame = z.infer<typeof chipFrame>;

export const zoneCollection = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      id: z.string(),
      geometry: zoneGeometry,
      properties: z.object({
        layer: z.string(),
        externalId: z.string(),
        name: z.string(),
        district: z.string().nullable(),
        areaM2: z.number(),
        validFrom: day,
        validTo: day.nullable(),
      }),
    }),
  ),
});
export type ZoneCollection = z.infer<typeof zoneCollection>;

export const patchFeature = z
  .object({
    type: z.literal('Feature'),
    id: z.string(),
    geometry,
    bbox: z.array(z.number()).length(4),
    properties: patchItem.omit({ id: true, bbox: true }),
    links: z.array(link).optional(),
  })
  .openapi('PatchFeature');

export const patchFeatures = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(patchFeature),
    links: z.array(link),
    timeStamp: time,
    numberMatched: z.number().int(),
    numberReturned: z.number().int(),
  })
  .openapi('PatchFeatures');

const otherFeatureShape = {
  type: z.literal('Feature'),
  id: z.string(),
  geometry: z
    .object({ type: z.string(), coordinates: z.array(z.any()) })
    .nullable()
    .openapi({ description: 'GeoJSON in the system asked for; null where its place is not known.' }),
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
};

export const otherFeature = z.object({ ...otherFeatureShape, links: z.array(link).optional() }).openapi('Feature');

export const otherFeatures = z
  .object({
    type: z.literal('FeatureCollection'),
    features: z.array(otherFeature),
    links: z.array(link),
    timeStamp: time,
    numberMatched: z.number().int(),
    numberReturned: z.number().int(),
  })
  .openapi('Features');

export const landingBody = z
  .object({ title: z.string(), description: z.string(), links: z.array(link) })
  .openapi('LandingPage');

export const collection = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    itemType: z.literal('feature'),
    crs: z.array(z.string()),
    storageCrs: z.string(),
    extent: z
      .object({
        spatial: z.object({ bbox: z.array(z.array(z.number())), crs: z.string() }),
        temporal: z.object({ interval: z.array(z.array(z.string())) }),
      })
      .optional(),
    links: z.array(link),
  })
  .openapi('Collection');

export const collections = z.object({ collections: z.array(collection), links: z.array(link) }).openapi('Collections');
