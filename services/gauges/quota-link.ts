import { z } from 'zod';
import { ServiceError } from '../error.ts';
import type { FarmlandGauge } from './farmland-gauge.ts';
import { type Formula, parseFormula } from './formula.ts';
import data from './quota-link.json' with { type: 'json' };

/** 增违挂钩 and frozen indicators: formulas per district and year, as data. */

const link = z.strictObject({
  id: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  title: z.strictObject({ zh: z.string().min(1), en: z.string().min(1) }),
  unit: z.enum(['m2', 'share', 'flag']),
  formula: z.string().min(1),
  /** First digits of the districts it holds for; '' = all. */
  district: z.string().regex(/^\d*$/),
  /** First and last year it holds for; null = still. */
  fromYear: z.number().int(),
  toYear: z.number().int().nullable(),
  /** The document it comes from. */
  source: z.string().min(1),
});
const quotaLinks = z.strictObject({ edition: z.string().min(1), links: z.array(link) });

export interface QuotaLinks {
  edition: string;
  links: (Omit<z.infer<typeof link>, 'formula'> & { formula: Formula })[];
}

/** What formulas may name of the 15 % gauge beside the inputs of the district and year. */
const gaugeFigures = ['illegalM2', 'lawfulM2', 'openM2', 'restoredM2', 'takenM2', 'ratioLow', 'ratioHigh'] as const;

export interface QuotaResult {
  id: string;
  title: { zh: string; en: string };
  unit: 'm2' | 'share' | 'flag';
  formula: string;
  source: string;
  /** Null: a figure is missing (named in `missing`), or the formula divides by zero. */
  value: number | null;
  /** Every figure it used. */
  figures: Record<string, number | null>;
  missing: string[];
}

/** Throws ServiceError 'bad-input' with the first thing wrong, formulas included. */
export function parseQuotaLinks(input: unknown): QuotaLinks {
  const parsed = quotaLinks.safeParse(input);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new ServiceError(
      'bad-input',
      `Quota links: ${path.join('.') || 'the document'}: ${message.replace(/\.?$/, '.')}`,
    );
  }
  const { edition, links } = parsed.data;
  return { edition, links: links.map((each) => ({ ...each, formula: parseFormula(each.formula) })) };
}

/** The formulas that hold for the gauge's district and year, worked out. `inputs`: in base units (inputs.ts). */
export function quotaResults(
  { links }: QuotaLinks,
  gauge: FarmlandGauge,
  inputs: Readonly<Record<string, number>>,
): QuotaResult[] {
  const year = Number(gauge.year);
  const known: Record<string, number | null> = { ...inputs };
  for (const name of gaugeFigures) known[name] = figureOf(gauge, name);
  return links
    .filter(
      ({ district, fromYear, toYear }) =>
        gauge.district.startsWith(district) && year >= fromYear && year <= (toYear ?? year),
    )
    .map(({ id, title, unit, formula, source }) => {
      const figures = Object.fromEntries(formula.names.map((name) => [name, known[name] ?? null]));
      const missing = formula.names.filter((name) => figures[name] === null);
      return { id, title, unit, formula: formula.text, source, value: formula.value(figures), figures, missing };
    });
}

export const standardQuotaLinks: QuotaLinks = parseQuotaLinks(data);

function figureOf(gauge: FarmlandGauge, name: (typeof gaugeFigures)[number]): number | null {
  if (name === 'ratioLow') return gauge.ratio?.low ?? null;
  return name === 'ratioHigh' ? (gauge.ratio?.high ?? null) : gauge[name];
}
