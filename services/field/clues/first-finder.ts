import { stateOf } from '../../lifecycle/transitions.ts';
import { withoutUndone } from '../../lifecycle/undone.ts';
import { localDay } from '../../local-time.ts';
import type { Sighting } from '../../store/field-clues.ts';
import type { StoppingEvent } from '../../store/stopping.ts';
import { UNKNOWN_SINCE } from './add-clue.ts';

/** stopped: being put right, or seen to be stopped. nothing: ended as no breach. going-on: neither yet. */
export type Ending = 'stopped' | 'nothing' | 'going-on';

/** Who found a place first, how long it had gone on, and how long it went on from there. */
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
  ending: Ending;
  /** UTC; null where it is not stopped. */
  stoppedAt: string | null;
  /** Days from found to stopped. */
  daysToStop: number | null;
}

/** What is asked of a clue. */
export interface Reported {
  placeId: string;
  district: string;
  source: 'public' | 'patrol';
  addedAt: string;
}

const dayMs = 86_400_000;

/** From the step that leads to one of these on, a breach is being put right. */
const BEING_PUT_RIGHT = ['rectifying-before-filing', 'rectifying', 'closure-review', 'resolved', 'restored'];

/**
 * The first-finder ledger, place by place in order of their ids. What counts is when it became known here: an image is
 * found with the run that saw it, a report with its arrival. A place is stopped with the first step, not undone, after
 * which a patch of it is being put right, or which says payload.stopped: true (verified on site); a later relapse does
 * not change that. Without `steps` nothing is known to have ended.
 */
export function firstFinders(
  seen: readonly Sighting[],
  reports: readonly Reported[],
  steps: readonly StoppingEvent[] = [],
): FirstFinder[] {
  const sightings = Map.groupBy(seen, ({ placeId }) => placeId);
  const clues = Map.groupBy(reports, ({ placeId }) => placeId);
  const log = Map.groupBy(withoutUndone(steps), ({ placeId }) => placeId);
  const places = [...new Set([...sightings.keys(), ...clues.keys()])].sort();
  return places.map((placeId) =>
    ledgerRow(placeId, sightings.get(placeId) ?? [], clues.get(placeId) ?? [], log.get(placeId) ?? []),
  );
}

function ledgerRow(
  placeId: string,
  seen: readonly Sighting[],
  reports: readonly Reported[],
  log: readonly StoppingEvent[],
): FirstFinder {
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
  return {
    placeId,
    district,
    foundBy: first.by,
    foundAt: first.at,
    byAll,
    ...daysTo(first.at, seen),
    ...endOf(first.at, log),
  };
}

function endOf(
  foundAt: string,
  log: readonly StoppingEvent[],
): Pick<FirstFinder, 'ending' | 'stoppedAt' | 'daysToStop'> {
  const stop = log.find(({ toState, payloadJson }) => BEING_PUT_RIGHT.includes(toState) || saysStopped(payloadJson));
  if (stop === undefined) {
    const states = [...Map.groupBy(log, ({ subjectId }) => subjectId).values()].map(
      (own) => own[own.length - 1].toState,
    );
    const nothing = states.length > 0 && states.every((state) => stateOf('patch', state).outcome !== 'open');
    return { ending: nothing ? 'nothing' : 'going-on', stoppedAt: null, daysToStop: null };
  }
  const days = Math.round((Date.parse(localDay(stop.at)) - Date.parse(localDay(foundAt))) / dayMs);
  return { ending: 'stopped', stoppedAt: stop.at, daysToStop: Math.max(0, days) };
}

function saysStopped(payloadJson: string): boolean {
  return payloadJson.includes('"stopped"') && (JSON.parse(payloadJson) as { stopped?: unknown }).stopped === true;
}

/** Onset lies after the last look unchanged and no later than the first look changed, by the narrowest of what is known. */
function daysTo(foundAt: string, seen: readonly Sighting[]): Pick<FirstFinder, 'daysAtLeast' | 'daysAtMost'> {
  const day = Date.parse(localDay(foundAt));
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
