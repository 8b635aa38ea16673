import { z } from 'zod';
import { type ChangeType, changeTypes } from '../../detectors/change-type.ts';
import { ServiceError } from '../error.ts';
import data from './parameters.json' with { type: 'json' };

/** What differs by province or year in the gauges: data, checked; areas in 亩 as the rules have them. */

const share = z.number().min(0).max(1);

const parameters = z
  .strictObject({
    edition: z.string().min(1),
    /** Types that count as new construction while nobody has judged them. */
    constructionTypes: z.array(z.enum(Object.keys(changeTypes) as [ChangeType, ...ChangeType[]])),
    farmland: z.strictObject({
      /** From these shares on: near the line, and over it. */
      near: share,
      line: share,
      /** What put-back farmland is taken from: the illegal area, that and the total, or neither. */
      restored: z.enum(['illegal', 'illegal-and-total', 'counts']),
    }),
    forecast: z.strictObject({
      /** Months of the year that must be over: with last year's months to go by, and without. */
      leastMonths: z.number().int().min(2),
      leastMonthsAlone: z.number().int().min(2),
      /** Of the interval: how sure, and its width in deviations. */
      level: share,
      deviations: z.number().positive(),
    }),
    floor: z.strictObject({
      /** Margin above the assigned minimum, share of it, below which it is thin; deficit from which it is large. */
      thin: z.number().min(0),
      large: z.number().min(0),
    }),
    radar: z.strictObject({
      months: z.number().int().min(1),
      basicFarmlandMu: z.number().positive(),
      otherFarmlandMu: z.number().positive(),
      /** Share of a line from which it is shown early. */
      near: share,
      /** Whether farmland that was put back still counts. */
      restoredCounts: z.boolean(),
    }),
  })
  .refine(({ farmland }) => farmland.near <= farmland.line, 'farmland.near must not be above farmland.line');

export type GaugeParameters = z.infer<typeof parameters>;

/** Throws ServiceError 'bad-input' with the first thing wrong. */
export function parseParameters(input: unknown): GaugeParameters {
  const parsed = parameters.safeParse(input);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new ServiceError('bad-input', `Gauge parameters: ${path.join('.') || 'the document'}: ${message}.`);
}

export const standardParameters: GaugeParameters = parseParameters(data);
