import { createHash } from 'node:crypto';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { insertPatrols, knownPatrols, type PatrolRow } from '../store/patrols.ts';
import type { PatrolPlace } from './patrol-place.ts';
import type { PatrolSpan } from './patrol-time.ts';
import { personName } from './person.ts';

/** A patrol as it is recorded. */
export interface NewPatrol extends PatrolSpan {
  who: string;
  /** A place, or the code of the grid that was walked, or both. */
  place: PatrolPlace | null;
  grid: string | null;
  seen: string;
  /** Whether it reported something; null: as what was seen reads. */
  reported: boolean | null;
}

/** What people write when there was nothing. */
const NOTHING = /^(无|没有|正常|未见|未发现|none|nothing|ok|-|—|\/)/i;

/** Whether what was seen is something. */
export function isFinding(seen: string): boolean {
  return seen.trim() !== '' && !NOTHING.test(seen.trim());
}

/**
 * Takes patrols in, all or none; recorded again in the same words they are the same.
 * @returns how many were new
 * @throws ServiceError bad-input, `name` before what is wrong
 */
export async function addPatrols(
  store: Store,
  patrols: readonly NewPatrol[],
  { source, at }: { source: string; at: Date },
): Promise<number> {
  const rows = patrols.map((patrol) => patrolRow(patrol, source, at));
  const known = await knownPatrols(
    store.db,
    rows.map(({ id }) => id),
  );
  await insertPatrols(store.db, rows);
  return new Set(rows.flatMap(({ id }) => (known.has(id) ? [] : id))).size;
}

function patrolRow({ place, grid, reported, fromAt, toAt, ...patrol }: NewPatrol, source: string, at: Date): PatrolRow {
  const who = personName(patrol.who);
  const seen = patrol.seen.trim();
  if (place === null && grid === null) {
    throw new ServiceError('bad-input', `The patrol of ${who} at ${fromAt} needs a place or a grid; got neither.`);
  }
  if (fromAt > at.toISOString()) {
    throw new ServiceError('bad-input', `The patrol of ${who} needs a time that is past; got ${fromAt}.`);
  }
  if (seen.length > 4000) throw new ServiceError('bad-input', `What ${who} saw is a text of up to 4,000 characters.`);
  const geometryJson = place && JSON.stringify(place);
  const said = { who, fromAt, toAt, grid, geometryJson, seen, reported: (reported ?? isFinding(seen)) ? 1 : 0 };
  const id = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
  const district = /^\d{6}/.exec(grid ?? '')?.[0] ?? '';
  return { id, ...said, district, source, addedAt: at.toISOString() };
}
