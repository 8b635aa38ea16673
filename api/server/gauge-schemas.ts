import { z } from '@hono/zod-openapi';
import { label } from './opinion-schemas.ts';

/** Bodies about gauges: areas in m² of farmland, shares from 0 to 1. */

export const range = z
  .object({ low: z.number(), high: z.number() })
  .openapi('Range', { description: 'As persons have judged, and with all that is still open.' });
const patches = z.array(z.string()).openapi({ description: 'Ids behind the figure, in order of number.' });
const tooEarly = z.object({ tooEarly: z.literal(true), because: label });
const grade = z.enum(['below', 'near', 'over']);

export const farmlandGauge = z
  .object({
    district: z.string().openapi({ description: "Administrative code, or its first digits; '' = all." }),
    year: z.string(),
    illegalM2: z.number(),
    lawfulM2: z.number(),
    openM2: z.number().openapi({ description: 'Not judged, in doubt, or only suspected by the rules.' }),
    restoredM2: z.number(),
    takenM2: z.number().openapi({ description: 'All farmland taken by new construction.' }),
    ratio: range.nullable().openapi({ description: 'Illegal ÷ taken; null where nothing was taken.' }),
    byOpinion: z.number().nullable().openapi({ description: 'With what the rules suspect counted as illegal.' }),
    grade: z.object({ low: grade, high: grade }).nullable(),
    warning: label,
    patches: z.object({ illegal: patches, lawful: patches, open: patches }),
  })
  .openapi('FarmlandGauge');

export const farmlandForecast = z.union([
  tooEarly,
  z.object({ tooEarly: z.literal(false), monthsLeft: z.int(), expected: range, interval: range }),
]);

const land = z.enum(['farmland', 'basic-farmland']);
const floorGrade = z.enum(['above', 'thin', 'below', 'far-below']);

const floorGauge = z
  .object({
    district: z.string(),
    year: z.string(),
    land,
    inputs: z.object({ floorM2: z.number(), stockM2: z.number(), addedM2: z.number() }),
    lostM2: range,
    keptM2: range,
    marginM2: range,
    margin: range.openapi({ description: 'Kept less the assigned minimum, as a share of the minimum.' }),
    grade: z.object({ low: floorGrade, high: floorGrade }),
    forecast: z.union([tooEarly, z.object({ tooEarly: z.literal(false), expected: z.number(), interval: range })]),
    patches: z.object({ confirmed: patches, unconfirmed: patches }),
  })
  .openapi('FloorGauge');

const quotaResult = z.object({
  id: z.string(),
  title: label,
  unit: z.enum(['m2', 'share', 'flag']),
  formula: z.string(),
  source: z.string(),
  value: z.number().nullable().openapi({ description: 'Null where a figure is missing.' }),
  figures: z.record(z.string(), z.number().nullable()),
  missing: z.array(z.string()),
});

const difference = z.object({
  what: z.string(),
  wanted: z.number(),
  got: z.number(),
  difference: z.number(),
  zh: z.string(),
  en: z.string(),
});

export const gaugesReport = z
  .object({
    year: z.string(),
    district: z.string().openapi({ description: "What it is of: no more than the key may see; '' = all." }),
    names: z.record(z.string(), z.string()).openapi({ description: 'Of districts, by code.' }),
    editions: z.object({ parameters: z.string(), quotaLinks: z.string() }),
    known: z
      .object({ from: z.string(), to: z.string() })
      .nullable()
      .openapi({ description: 'First and last month with a finished run; null: nothing is known.' }),
    farmland: z.object({ districts: z.array(farmlandGauge), total: farmlandGauge }),
    forecast: farmlandForecast.nullable(),
    floors: z.array(floorGauge),
    floorsLacking: z.array(z.object({ district: z.string(), land, missing: z.array(z.string()) })),
    quota: z.array(quotaResult),
    differences: z.array(difference).openapi({ description: 'What does not add up.' }),
  })
  .openapi('Gauges');

const radarEntry = z
  .object({
    actor: z.string().nullable().openapi({ description: 'Null: nobody known; such a patch stands alone.' }),
    actorId: z
      .string()
      .nullable()
      .openapi({ description: 'Of the register of actors; null: it does not know the name.' }),
    names: z.array(z.string()).openapi({ description: 'As they are on record.' }),
    from: z.string(),
    to: z.string(),
    basicFarmlandM2: range,
    otherFarmlandM2: range,
    level: z.enum(['review', 'possible', 'near']),
    label,
    because: z.array(label),
    districts: z.array(z.string()),
    patches: z.object({ judged: patches, open: patches }),
    numbers: z.array(z.string()).openapi({ description: 'JCBH of all of them.' }),
  })
  .openapi('RadarEntry');

export const radarReport = z
  .object({
    district: z.string().openapi({ description: "What it is of: no more than the key may see; '' = all." }),
    to: z.string().openapi({ description: 'Last of the months.' }),
    entries: z.array(radarEntry).openapi({ description: 'The gravest first.' }),
  })
  .openapi('Radar');
