import { z } from '@hono/zod-openapi';
import { farmlandForecast, range } from './gauge-schemas.ts';
import { label } from './opinion-schemas.ts';

/** The body of GET /dashboard: areas in m² and 亩, shares from 0 to 1. */

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const district = z.string().openapi({ description: "District code, or its first digits; '' = all." });
const status = z
  .enum(['closed', 'open', 'unknown'])
  .openapi({ description: 'unknown: neither run nor opened, and nothing found: not the same as nothing there.' });
const amount = { patches: count, areaM2: z.number(), areaMu: z.number() };
const stage = z.enum(['find', 'warn', 'resolve']);

const monthCounts = {
  found: count,
  warned: count.openapi({ description: 'Those for which a task was ever sent out.' }),
  open: count,
  overdue: count,
  resolved: count,
  dismissed: count,
  areaM2: z.number(),
};

const reportCounts = {
  base: count.openapi({ description: 'Sent down (核查基数), as in the monthly report.' }),
  baseM2: z.number(),
  done: count.openapi({ description: 'Of the base: resolved or dismissed.' }),
  violations: count.openapi({ description: 'A person judged it a breach.' }),
  rectified: count.openapi({ description: 'Nothing remains of the breach and the review has ended.' }),
};

const waitingState = z.object({
  state: z.string(),
  label,
  ...amount,
  overdue: count,
  medianDays: z.number().nullable().openapi({ description: 'Since it came into the state.' }),
  longestDays: z.number().nullable(),
});

const funnel = z.object({
  found: z.object(amount),
  warned: count,
  pastWarning: count.openapi({ description: 'In a state past the task’s going out.' }),
  open: z.object(amount),
  overdue: count,
  resolved: z.object(amount),
  dismissed: z.object(amount),
  stages: z.array(z.object({ stage, open: z.object(amount), overdue: count, states: z.array(waitingState) })),
});

const county = z.object({
  district,
  name: z.string(),
  ...monthCounts,
  ...reportCounts,
  clearance: share.nullable().openapi({ description: 'done ÷ base; null of nothing.' }),
  rectifiedRate: share.nullable().openapi({ description: 'rectified ÷ violations; null of nothing.' }),
  rank: count.nullable().openapi({ description: 'As in the monthly report: equals share a place. Null: not ranked.' }),
  why: z.enum(['small', 'no-breach']).nullable().openapi({ description: 'Why it is not ranked.' }),
});

const trendMonth = z.object({
  month: z.string(),
  status,
  counts: z
    .object({ ...monthCounts, ...reportCounts })
    .nullable()
    .openapi({ description: 'Null where unknown.' }),
  observedFraction: share.nullable(),
});

const grade = z.enum(['below', 'near', 'over']);
const gaugeEntry = z.object({
  district,
  name: z.string(),
  illegalM2: z.number(),
  lawfulM2: z.number(),
  openM2: z.number(),
  restoredM2: z.number(),
  takenM2: z.number(),
  ratio: range.nullable().openapi({ description: 'Illegal ÷ taken; null where nothing was taken.' }),
  byOpinion: z.number().nullable(),
  grade: z.object({ low: grade, high: grade }).nullable(),
  warning: label,
  forecast: farmlandForecast.nullable(),
});

const gauge = z.object({
  year: z.string(),
  line: share,
  near: share,
  known: z.object({ from: z.string(), to: z.string() }).nullable(),
  total: gaugeEntry,
  districts: z.array(gaugeEntry),
});

const level = z.enum(['review', 'possible', 'near']);
const radar = z.object({
  from: z.string(),
  to: z.string(),
  basicFarmlandMu: z.number(),
  otherFarmlandMu: z.number(),
  counts: z.object({ review: count, possible: count, near: count }),
  entries: z
    .array(
      z.object({
        actor: z.string().nullable(),
        actorId: z.string().nullable(),
        basicFarmlandM2: range,
        otherFarmlandM2: range,
        level,
        label,
        because: z.array(label),
        districts: z.array(z.string()),
        numbers: z.array(z.string()),
      }),
    )
    .openapi({ description: 'The gravest first; counts are of all.' }),
});

const seen = z
  .object({ totalM2: z.number(), observedM2: z.number(), cloudM2: z.number(), noImageM2: z.number() })
  .nullable()
  .openapi({ description: 'Null where no finished run looked. Unobserved is never unchanged.' });
const coverage = z.object({ total: seen, districts: z.array(z.object({ district, name: z.string(), seen })) });

const reliability = {
  found: count,
  confirmed: count,
  falseOnes: count,
  setAside: count.openapi({ description: 'Duplicates and base-map errors: no fault of the detector.' }),
  judged: count,
  precision: share.nullable(),
  interval: range.nullable(),
  enough: z.boolean().openapi({ description: 'Enough are judged for the share to say something.' }),
};
const precision = z.object({
  leastJudged: count,
  confidence: z.number().openapi({ description: 'Of the intervals, in deviations.' }),
  total: z.object(reliability),
  types: z.array(z.object({ type: z.string(), ...reliability })),
  months: z.array(z.object({ month: z.string(), ...reliability })),
  cells: z.array(z.object({ month: z.string(), type: z.string(), ...reliability })),
  causes: z.array(z.object({ reason: z.string(), label, patches: count, setAside: z.boolean() })),
});

const backlog = z.object({
  total: z.object(amount),
  overdue: count,
  months: z.array(z.object({ month: z.string(), ageMonths: z.int(), ...amount, overdue: count })),
});

export const dashboard = z
  .object({
    month: z.string(),
    district,
    at: z.string().openapi({ format: 'date-time', description: 'What overdue and waiting refer to.' }),
    snapshot: z
      .string()
      .openapi({ description: 'The state of the data: statistics that name the same one say the same.' }),
    status,
    names: z.record(z.string(), z.string()).openapi({ description: 'Of districts, by code.' }),
    target: share.openapi({ description: 'Share of a county’s patches that should be done.' }),
    funnel,
    counties: z.array(county),
    trend: z.array(trendMonth),
    gauge,
    radar,
    coverage,
    precision,
    backlog,
  })
  .openapi('Dashboard');
export type DashboardBody = z.infer<typeof dashboard>;
