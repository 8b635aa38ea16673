import type { Sighting } from '../../store/field-clues.ts';
import { localDate } from '../local-date.ts';
import { UNKNOWN_SINCE } from './add-clue.ts';

/** Who found a place first, and how long it had gone on. */
export interface FirstFinder {
  placeId: string;
  district: string;
  foundBy: 'satellite' | 'papers' | 'patrol' | 'public';
  /** UTC. */
  foundAt: string;
  /** By everybody who found it, when they first did; UTC. */
  byAll: Partial<Record<FirstFinder['foundBy'], string>>;
  /** Days from onset to found, at least and at most; null where nobody knows. */
  daysAtLeast: number | null;
  daysAtMost: number | null;
}

/** What is asked of a clue. */
export interface Reported {
  placeId: string;
  district: string;
  source: 'public' | 'patrol';
  addedAt: string;
}

const dayMs = 86_400_000;

/**
 * The first-finder ledger, place by place in order of their ids. What counts is when it became known here: an image is
 * found with the run that saw it, a report with its arrival.
 */
export function firstFinders(seen: readonly Sighting[], reports: readonly Reported[]): FirstFinder[] {
  const sightings = Map.groupBy(seen, ({ placeId }) => placeId);
  const clues = Map.groupBy(reports, ({ placeId }) => placeId);
  const places = [...new Set([...sightings.keys(), ...clues.keys()])].sort();
  return places.map((placeId) => ledgerRow(placeId, sightings.get(placeId) ?? [], clues.get(placeId) ?? []));
}

function ledgerRow(placeId: string, seen: readonly Sighting[], reports: readonly Reported[]): FirstFinder {
  const found = [
    ...seen
      .filter(({ screening }) => screening !== 'clue')
      .map(
        ({ screening, foundAt }) => ({ by: screening === 'expired' ? 'papers' : 'satellite', at: foundAt }) as const,
      ),
    ...reports.map(({ source, addedAt }) => ({ by: source, at: addedAt })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const byAll: FirstFinder['byAll'] = {};
  for (const { by, at } of found) byAll[by] ??= at;
  const [first] = found;
  const { district } = seen[0] ?? reports[0];
  return { placeId, district, foundBy: first.by, foundAt: first.at, byAll, ...daysTo(first.at, seen) };
}

/** Onset lies after the last look unchanged and no later than the first look changed, by the narrowest of what is known. */
function daysTo(foundAt: string, seen: readonly Sighting[]): Pick<FirstFinder, 'daysAtLeast' | 'daysAtMost'> {
  const day = Date.parse(localDate(foundAt));
  const changed = seen.map(({ afterDate }) => afterDate).sort()[0];
  const unchanged = seen
    .map(({ beforeDate }) => beforeDate)
    .filter((date) => date !== UNKNOWN_SINCE && date <= changed)
    .sort()
    .at(-1);
  const days = (date: string | undefined) =>
    date === undefined ? null : Math.max(0, Math.round((day - Date.parse(date)) / dayMs));
  return { daysAtLeast: days(changed), daysAtMost: days(unchanged) };
}
