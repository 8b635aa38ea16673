import type { ChangeType } from '../../detectors/change-type.ts';

/**
 * What was seen of one place (a project's zone) over one stretch of time. Themes that wait for "no change" or for
 * "greening" are decided on these alone, whoever makes them: two dates now, a time series later.
 */
export interface PlaceSignal {
  zoneId: string;
  /** YYYY-MM. */
  month: string;
  /** Days between which it was looked at, YYYY-MM-DD. The signal says nothing of any other time. */
  since: string;
  until: string;
  /** Share of the zone that both looks saw, 0–1. What was not seen is not unchanged. */
  observedShare: number;
  /** Share of the zone (not of what was seen) that turned into each type, 0–1; absent = none was seen to. */
  changedShare: Partial<Record<ChangeType, number>>;
  /** Share of the zone that became greener, 0–1. */
  greenedShare: number;
  /** What made it, e.g. 'two-date-1'. */
  source: string;
}

/** A comparison of two dates over one zone. */
export interface ZoneComparison {
  zone: { id: string; areaM2: number };
  month: string;
  beforeDate: string;
  afterDate: string;
  /** Area of the zone that both dates saw, m². */
  observedM2: number;
  /** Detections of the comparison, each with its area within the zone, m². */
  detections: readonly { type: ChangeType; areaM2: number }[];
}

/** The two-date signal: what the detections of a month's comparison say of a zone. */
export function twoDateSignal(comparison: ZoneComparison): PlaceSignal {
  const { zone, month, beforeDate, afterDate, observedM2, detections } = comparison;
  const changedShare: PlaceSignal['changedShare'] = {};
  for (const { type, areaM2 } of detections) {
    changedShare[type] = share((changedShare[type] ?? 0) * zone.areaM2 + areaM2, zone.areaM2);
  }
  return {
    zoneId: zone.id,
    month,
    since: beforeDate,
    until: afterDate,
    observedShare: share(observedM2, zone.areaM2),
    changedShare,
    greenedShare: changedShare['vegetation-gain'] ?? 0,
    source: 'two-date-1',
  };
}

/** A stretch of time in which nobody saw the place whole, YYYY-MM-DD. */
export interface Gap {
  from: string;
  to: string;
}

/**
 * The stretches of [from, to] that no signal with at least `leastShare` of the place observed spans. A comparison
 * spans all days between its two looks: what had changed in between shows at the second.
 */
export function unobserved(signals: readonly PlaceSignal[], from: string, to: string, leastShare: number): Gap[] {
  const seen = signals
    .filter(({ observedShare }) => observedShare >= leastShare)
    .sort((a, b) => (a.since < b.since ? -1 : 1));
  const gaps: Gap[] = [];
  let reached = from;
  for (const { since, until } of seen) {
    if (reached >= to) break;
    if (since > reached) gaps.push({ from: reached, to: since < to ? since : to });
    if (until > reached) reached = until;
  }
  if (reached < to) gaps.push({ from: reached, to });
  return gaps;
}

/**
 * Share of the place that turned into one of the types after `from` and by `to`, 0–1: a lower bound, as only what was
 * seen counts. The same ground changed twice counts twice, up to the whole.
 */
export function changedBetween(
  signals: readonly PlaceSignal[],
  types: readonly ChangeType[],
  from: string,
  to: string,
): number {
  const within = signals.filter(({ since, until }) => until > from && since < to);
  const sum = within.reduce(
    (total, { changedShare }) => total + types.reduce((of, type) => of + (changedShare[type] ?? 0), 0),
    0,
  );
  return Math.min(1, sum);
}

function share(partM2: number, wholeM2: number): number {
  return wholeM2 > 0 ? Math.min(1, Math.max(0, partM2 / wholeM2)) : 0;
}
