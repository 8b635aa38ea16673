import type { BandRole } from '../imagery/scene.ts';
import type { PairWindow } from './features.ts';
import { median, pooled, spread, thinned } from './sample.ts';

/**
 * Spectral indices as normalised differences (Σ plus − Σ minus) / (Σ plus + Σ minus) of bands by role: vegetation,
 * water, built-up and bare soil (METHODS §7).
 */
const spectralIndices = {
  ndvi: { plus: ['N'], minus: ['R'] },
  ndwi: { plus: ['G'], minus: ['N'] },
  mndwi: { plus: ['G'], minus: ['S1'] },
  ndbi: { plus: ['S1'], minus: ['N'] },
  nbr: { plus: ['N'], minus: ['S2'] },
  bsi: { plus: ['S1', 'R'], minus: ['N', 'B'] },
} as const satisfies Record<string, { plus: readonly BandRole[]; minus: readonly BandRole[] }>;

export type IndexName = keyof typeof spectralIndices;
export const indexNames = Object.keys(spectralIndices) as IndexName[];

/** Change of one index, in spreads of what it changes by on most of the ground. Plain data. */
export interface IndexRule {
  name: IndexName;
  /** Band indices. */
  plus: number[];
  minus: number[];
  /** Median change, and the spread around it. */
  centre: number;
  deviation: number;
}

/** Index changes below are noise of the sensor, whatever the scene. */
const leastDeviation = 0.01;

/** Roles that the index wants and the bands do not have. */
export function missingRoles(name: IndexName, roles: readonly BandRole[]): BandRole[] {
  const { plus, minus } = spectralIndices[name];
  return [...plus, ...minus].filter((role) => !roles.includes(role));
}

/** Fits on tied sample windows; null where a role is missing or nothing was observed. */
export function fitIndexRule(tied: PairWindow[], name: IndexName, roles: readonly BandRole[]): IndexRule | null {
  if (missingRoles(name, roles).length > 0) return null;
  const at = (wanted: readonly BandRole[]) => wanted.map((role) => roles.indexOf(role));
  const { plus, minus } = spectralIndices[name];
  const bands = { plus: at(plus), minus: at(minus) };
  const before = pooled(tied, (window) => window.before).map(thinned);
  const after = pooled(tied, (window) => window.after).map(thinned);
  const change = indexChange(bands, before, after);
  return { name, ...bands, centre: median(change), deviation: Math.max(leastDeviation, spread(change)) };
}

/** |change of the index − its median| / its spread. */
export function indexScore(rule: IndexRule, { before, after }: PairWindow): Float32Array {
  const score = indexChange(rule, before, after);
  for (let i = 0; i < score.length; i++) score[i] = Math.abs(score[i] - rule.centre) / rule.deviation;
  return score;
}

function indexChange(
  bands: Pick<IndexRule, 'plus' | 'minus'>,
  before: Float32Array[],
  after: Float32Array[],
): Float32Array {
  const a = indexOf(bands, before);
  const b = indexOf(bands, after);
  for (let i = 0; i < b.length; i++) b[i] -= a[i];
  return b;
}

/** −1 … 1; 0 where the sums leave nothing to divide by. */
function indexOf({ plus, minus }: Pick<IndexRule, 'plus' | 'minus'>, bands: Float32Array[]): Float32Array {
  const count = bands[0].length;
  const index = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let up = 0;
    let down = 0;
    for (const k of plus) up += bands[k][i];
    for (const k of minus) down += bands[k][i];
    const total = up + down;
    index[i] = total > 0 ? Math.max(-1, Math.min(1, (up - down) / total)) : 0;
  }
  return index;
}
