import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { coverageOfMonth } from '../store/month-figures.ts';
import { fittedPairs, runsBetween } from '../store/report-rows.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';
import type { Database } from '../store/schema.ts';
import type { ImageryFacts } from './facts.ts';
import { monthsOf } from './period.ts';

/**
 * The imagery brief: scenes of each district's months that were received, taken into a finished run, and compared there
 * as one of a pair, and what could be seen by them. A scene is a district's where their boxes meet.
 */
export async function readImagery(
  db: Kysely<Database>,
  { from, to }: { from: string; to: string },
  districts: ReadonlyMap<string, LonLatBox>,
  at: Date,
): Promise<ImageryFacts[]> {
  const scenes = await listScenes(db, { from: `${from}-01`, to: lastDayOf(to), includeRemoved: true });
  const held = scenes.filter(({ addedAt, removedAt }) => addedAt <= at.toISOString() && !isBefore(removedAt, at));
  const { processed, used } = await takenScenes(db, from, to);
  const facts: ImageryFacts[] = [];
  for (const month of monthsOf({ from, to })) {
    const coverage = await coverageByCounty(db, month);
    const own = held.filter(({ date }) => date.startsWith(month));
    for (const [code, box] of [...districts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const ids = own.filter((scene) => meets(scene, code, box)).map(({ id }) => id);
      facts.push({
        month,
        code,
        received: ids.length,
        processed: ids.filter((id) => processed.has(id)).length,
        used: ids.filter((id) => used.has(id)).length,
        coverage: coverage.get(code) ?? null,
      });
    }
  }
  return facts;
}

async function takenScenes(db: Kysely<Database>, from: string, to: string) {
  const [processed, used] = [new Set<string>(), new Set<string>()];
  for (const { id, planJson } of await runsBetween(db, from, to)) {
    const { afters = [] } = JSON.parse(planJson) as { afters?: { id: string }[] };
    for (const scene of afters) processed.add(scene.id);
    for (const pair of await fittedPairs(db, id)) used.add(pair.split('-')[1]);
  }
  return { processed, used };
}

async function coverageByCounty(db: Kysely<Database>, month: string) {
  const sums = new Map<string, NonNullable<ImageryFacts['coverage']>>();
  for (const { district, totalM2, observedM2, cloudM2, noImageM2 } of await coverageOfMonth(db, month, '')) {
    const code = district.slice(0, 6);
    const sum = sums.get(code) ?? { totalM2: 0, observedM2: 0, cloudM2: 0, noImageM2: 0 };
    sums.set(code, {
      totalM2: sum.totalM2 + totalM2,
      observedM2: sum.observedM2 + observedM2,
      cloudM2: sum.cloudM2 + cloudM2,
      noImageM2: sum.noImageM2 + noImageM2,
    });
  }
  return sums;
}

function isBefore(time: string | null, at: Date): boolean {
  return time !== null && time <= at.toISOString();
}

function meets(scene: SceneRow, code: string, box: LonLatBox): boolean {
  if (scene.district !== null) return scene.district.startsWith(code) || code.startsWith(scene.district);
  return (
    scene.minLon < box.maxLon && scene.maxLon > box.minLon && scene.minLat < box.maxLat && scene.maxLat > box.minLat
  );
}
