import type { InstrumentFact, PatchFacts } from './facts.ts';
import type { TimeStanding } from './opinion.ts';
import type { RuleSet } from './rule-set.ts';

/** When a change was made: after `from` (null: not known since when), at the latest on `to`. Local days. */
export interface OnsetInterval {
  from: string | null;
  to: string;
  /** The later image: the day on which the land was seen in use. */
  seen: string;
}

/** The onset as the images and the people on site have it; the people overrule the images. */
export function onsetOf({ patch: { onset }, established: { builtBefore } }: PatchFacts): OnsetInterval {
  const { lastUnchanged: from, firstChanged: seen } = onset;
  if (builtBefore === undefined || builtBefore >= seen) return { from, to: seen, seen };
  return { from: builtBefore > from ? from : null, to: builtBefore, seen };
}

/**
 * Where a document stands against the onset. Dated on the last day seen unchanged or before: issued in time. After
 * the onset: late (未批先用, however it was made good later). Between: nobody can say, unless the rules take it.
 */
export function timeStanding(document: InstrumentFact, onset: OnsetInterval, ruleSet: RuleSet): TimeStanding {
  const { date } = document;
  if (date === null) return 'document-undated';
  if (date > onset.to) return 'late';
  const end = endOf(document, ruleSet);
  if (end?.stated && document.expiry! < date) return 'expiry-unclear';
  const ended = end === null ? 'no' : endedAt(end, onset);
  if (ended === 'yes') return 'expired';
  if (ended === 'unclear') return 'expiry-unclear';
  const inTime = (onset.from !== null && date <= onset.from) || ruleSet.time.validAtLaterImageSuffices;
  return inTime ? 'valid' : 'dated-inside-onset';
}

interface End {
  /** Last day, grace included. */
  day: string;
  /** False where it is the longest term that the rules allow. */
  stated: boolean;
  /** The land must be given back then. */
  endsOccupation: boolean;
}

/** When a document runs out; null = never, as far as is known. */
export function endOf({ kind, date, expiry }: Pick<InstrumentFact, 'kind' | 'date' | 'expiry'>, ruleSet: RuleSet) {
  const rule = ruleSet.expiry.find(({ instrument }) => instrument === kind);
  const months = rule?.monthsUnlessStated ?? null;
  const last = expiry ?? (date === null || months === null ? null : monthsLater(date, months));
  if (last === null) return null;
  const end: End = {
    day: daysLater(last, rule?.graceDays ?? 0),
    stated: expiry !== null,
    endsOccupation: rule?.endsOccupation ?? false,
  };
  return end;
}

function endedAt({ day, stated, endsOccupation }: End, { from, to, seen }: OnsetInterval): 'yes' | 'no' | 'unclear' {
  if (day >= (endsOccupation ? seen : to)) return 'no';
  // Past the end on the day it was seen in use: overdue whenever it began. A term that is only assumed may be longer.
  if (endsOccupation) return stated ? 'yes' : 'unclear';
  return stated && from !== null && day <= from ? 'yes' : 'unclear';
}

export function daysLater(day: string, days: number): string {
  if (days === 0) return day;
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The same day of a later month, or its last day where it is shorter; the term ends on the day before it. */
function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  const same = new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastOfMonth)));
  return daysLater(same.toISOString().slice(0, 10), -1);
}
