import type { Kysely } from 'kysely';
import type { LonLatBox } from '../../imagery/grid.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { coverageOfMonth } from '../store/month-figures.ts';
import { fittedPairs, runsBetween } from '../store/report-rows.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';
import type { Database } from '../store/schema.ts';
import type { ImageryFacts } from './facts.ts';
import { monthsOf } from './period.ts';
import { scopesOver } from './scopes.ts';

/**
 * The imagery brief: scenes of each place's months that were received, taken into a finished run, and compared there
 * as one of a pair, and what could be seen by them. A scene is a county's where
 * their boxes meet.
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
    for (const code of scopesOver(districts.keys())) {
      const parts = [...districts].filter(([county]) => county.startsWith(code));
      const ids = own.filter((scene) => parts.some(([county, box]) => meets(scene, county, box))).map(({ id }) => id);
      facts.push({
        month,
        code,
        received: ids.length,
        processed: ids.filter((id) => processed.has(id)).length,
        used: ids.filter((id) => used.has(id)).length,
        coverage: summed(parts.flatMap(([county]) => coverage.get(county) ?? [])),
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

type Coverage = NonNullable<ImageryFacts['coverage']>;

function summed(parts: readonly Coverage[]): Coverage | null {
  if (parts.length === 0) return null;
  return parts.reduce((sum, part) => ({
    totalM2: sum.totalM2 + part.totalM2,
    observedM2: sum.observedM2 + part.observedM2,
    cloudM2: sum.cloudM2 + part.cloudM2,
    noImageM2: sum.noImageM2 + part.noImageM2,
  }));
}

async function coverageByCounty(db: Kysely<Database>, month: string) {
  const rows = Map.groupBy(await coverageOfMonth(db, month, ''), ({ district }) => district.slice(0, 6));
  return new Map([...rows].map(([code, own]) => [code, summed(own.map(partsOf)) as Coverage]));
}

function partsOf({ totalM2, observedM2, cloudM2, noImageM2 }: Coverage): Coverage {
  return { totalM2, observedM2, cloudM2, noImageM2 };
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
