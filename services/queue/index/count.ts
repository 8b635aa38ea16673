import type { Dimension, PatchCount } from '../../store/statistics.ts';
import type { PatchStatistics } from '../statistics.ts';
import type { Found } from './patch-index.ts';

/** Sums in thousandths of m², which are whole numbers: parts add up to the total whatever the order. */
interface Sum {
  patches: number;
  thousandths: number;
  overdue: number;
}

/** How many patches were found, how large and how many of them overdue, told apart as asked; as patchStatistics does. */
export function countFound(found: Found, by: readonly Dimension[], at: Date): PatchStatistics {
  const all = newSum();
  const groups = [...new Set(by)].map((one) => ({ by: one, ...summed(found, one, at) }));
  for (const place of found.places) add(all, found, place, at);
  const { value: _, ...total } = countOf(null, all);
  return { snapshot: found.snapshot, total, groups };
}

function summed(found: Found, by: Dimension, at: Date): { values: PatchCount[] } {
  const column = by === 'layer' ? 'layers' : by === 'theme' ? 'themes' : by;
  const codes = found.columns.codes[column];
  const byCode = new Map<number, Sum>();
  for (const place of found.places) {
    const sum = byCode.get(codes[place]) ?? newSum();
    byCode.set(codes[place], sum);
    add(sum, found, place, at);
  }
  const byValue = new Map<string | null, Sum>();
  for (const [code, sum] of byCode) {
    const text = found.columns.dictionaries[column].texts[code];
    const values = column === 'layers' || column === 'themes' ? namesIn(text) : [text];
    for (const value of values) byValue.set(value, plus(byValue.get(value) ?? newSum(), sum));
  }
  const counts = [...byValue].map(([value, sum]) => countOf(value, sum));
  return { values: counts.sort((a, b) => ((a.value ?? '') < (b.value ?? '') ? -1 : 1)) };
}

/** ',a,b,' are two, '' is none. */
function namesIn(joined: string): (string | null)[] {
  return joined === '' ? [null] : joined.slice(1, -1).split(',');
}

function add(sum: Sum, { columns: { numbers } }: Found, place: number, at: Date): void {
  sum.patches++;
  sum.thousandths += Math.round(numbers.areaM2[place] * 1000);
  if (numbers.dueAt[place] < at.getTime()) sum.overdue++;
}

function newSum(): Sum {
  return { patches: 0, thousandths: 0, overdue: 0 };
}

function plus(a: Sum, b: Sum): Sum {
  return {
    patches: a.patches + b.patches,
    thousandths: a.thousandths + b.thousandths,
    overdue: a.overdue + b.overdue,
  };
}

function countOf(value: string | null, { patches, thousandths, overdue }: Sum): PatchCount {
  return { value, patches, areaM2: thousandths / 1000, overdue };
}
