import type { Kysely } from 'kysely';
import { baseOf, isRectified, outcomeOf } from '../cycle/figures.ts';
import { type GaugeRow, isSuspected, standingOf } from '../gauges/gauge-row.ts';
import { standardParameters } from '../gauges/parameters.ts';
import { type RadarEntry, thresholdRadar } from '../gauges/threshold-radar.ts';
import { isOriginal } from '../reports/headline.ts';
import { type PeriodRow, readCountedRows } from '../reports/period-rows.ts';
import { type Reviewed, type Verdict, verdictOf } from '../reports/precision.ts';
import { readReviewed } from '../reports/read-period.ts';
import { enteredAt, everWarned, type StandingPatch, standingPatches } from '../store/dashboard-patches.ts';
import { gaugeRows } from '../store/gauge-rows.ts';
import type { Database } from '../store/schema.ts';

/** All of a patch that the dashboard adds up, but for what the time of day decides. */
export interface PatchFact {
  id: string;
  /** Month in which it was found. */
  found: string;
  district: string;
  type: string;
  /** On the ellipsoid. */
  areaM2: number;
  state: string;
  dueAt: string | null;
  /** UTC: since when it is in its state. */
  since: string;
  /** A task was ever sent out for it. */
  warned: boolean;
  /** Month in whose report it is counted. */
  counted: string;
  /** Of that report: in the base, with its area to 0.01 m²; a breach; put right. */
  inBase: boolean;
  baseM2: number;
  violation: boolean;
  rectified: boolean;
  /** What people made of what the detector said; null where it said nothing. */
  detected: { type: string; verdict: Verdict } | null;
  /** Why it was dismissed; null where it is not, '' where nobody said. */
  dismissedFor: string | null;
  /** Null of what others stand for. */
  land: GaugeRow | null;
  /** How near a line of the radar it brings somebody unknown, who stands alone with it. */
  alone: Alone | null;
  /** What it is added up by: month found, district and state; month counted and type; month found, district and standing. */
  keys: { state: string; reviewed: string; land: string };
}

export interface Alone {
  level: RadarEntry['level'];
  /** Farmland of both kinds, at most. */
  totalM2: number;
}

/** Facts of these patches and of all that belong to their families, as the reports' and gauges' own rows have them. */
export async function readFacts(db: Kysely<Database>, ids: readonly string[]): Promise<PatchFact[]> {
  const known = (await standingPatches(db, ids)).map(({ id }) => id);
  if (known.length === 0) return [];
  // At which time cases are late is of no matter here.
  const rows = await readCountedRows(db, known, new Date(0));
  const members = rows.map(({ patchId }) => patchId);
  const patches = new Map((await standingPatches(db, members)).map((patch) => [patch.id, patch]));
  const { constructionTypes } = standardParameters;
  const land = await gaugeRows(db, { from: '0000-00', to: '9999-99', district: '', constructionTypes, ids: members });
  const reviewed = await readReviewed({ db }, rows);
  const since = await enteredAt(db, members);
  const warned = await everWarned(db, members);
  const families = Map.groupBy(rows, ({ rootId }) => rootId);
  const ofPatch = new Map(land.map((row) => [row.patchId, row]));
  return rows.flatMap((row) => {
    const patch = patches.get(row.patchId);
    if (patch === undefined) return [];
    const family = families.get(row.rootId) as PeriodRow[];
    const own = ofPatch.get(patch.id) ?? null;
    const detected = detectedOf(row, family, reviewed);
    return {
      ...standing(patch),
      since: since.get(patch.id) ?? '',
      warned: warned.has(patch.id),
      ...reported(row),
      detected,
      dismissedFor: outcomeOf(row) === 'dismissed' ? (reviewed.reasons.get(row.patchId) ?? '') : null,
      land: own,
      alone: own === null ? null : aloneOf(own),
      keys: {
        state: keyOf(patch.month, patch.district, patch.state),
        reviewed: keyOf(row.month, detected?.type),
        land: own === null ? '' : keyOf(own.month, own.district, isSuspected(own) ? 'suspected' : standingOf(own)),
      },
    };
  });
}

function standing({ id, month, district, type, areaM2, state, dueAt }: StandingPatch) {
  return { id, found: month, district, type, areaM2, state, dueAt };
}

function reported(row: PeriodRow): Pick<PatchFact, 'counted' | 'inBase' | 'baseM2' | 'violation' | 'rectified'> {
  const inBase = baseOf([row]).length === 1;
  const violation = inBase && row.violation;
  return { counted: row.month, inBase, baseM2: row.areaM2, violation, rectified: violation && isRectified(row) };
}

function detectedOf(row: PeriodRow, family: readonly PeriodRow[], reviewed: Reviewed): PatchFact['detected'] {
  const seen = reviewed.seen.get(row.patchId);
  if (!isOriginal(row) || seen?.screening !== 'issued' || !reviewed.detectors.has(seen.runId)) return null;
  return { type: seen.type, verdict: verdictOf(row.lineage === 'original' ? [row] : family, reviewed.reasons) };
}

const keys = new Map<string, string>();

/** The same text for the same parts: kept once, and found fast. */
function keyOf(...parts: (string | undefined)[]): string {
  const key = parts.join(' ');
  const known = keys.get(key);
  if (known !== undefined) return known;
  keys.set(key, key);
  return key;
}

function aloneOf(land: GaugeRow): Alone | null {
  if (isActorKnown(land)) return null;
  const [entry] = thresholdRadar([land], land.month, standardParameters);
  if (entry === undefined) return null;
  return { level: entry.level, totalM2: entry.basicFarmlandM2.high + entry.otherFarmlandM2.high };
}

/** Whether its patches are added up with others of the same name or identity. */
export function isActorKnown({ actor, actorId }: GaugeRow): boolean {
  return actor !== null || actorId !== null;
}
