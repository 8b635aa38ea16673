import type { Compared } from './zone-look.ts';

/** Share of a zone that may be left out for a longer stretch: specks are judged on other days than the rest. */
const MAY_LEAVE = 0.05;

/**
 * The days between which all parts of a zone were compared: of several pairs of days the latest first and the earliest
 * second, since nothing longer is true of the whole. Parts of a few per cent that would cut it short are left out and
 * count as not seen. Null where nothing was compared.
 */
export function commonStretch(compared: readonly Compared[], zoneAreaM2: number): Compared | null {
  const budget = MAY_LEAVE * zoneAreaM2;
  const seen = compared.filter(({ areaM2 }) => areaM2 > 0);
  const bySince = withoutSpecks(seen, ({ since }) => since, budget, true);
  const left = sum(seen) - sum(bySince);
  const kept = withoutSpecks(bySince, ({ until }) => until, budget - left, false);
  if (kept.length === 0) return null;
  const since = kept.reduce((latest, each) => (each.since > latest ? each.since : latest), '');
  const until = kept.reduce((earliest, each) => (each.until < earliest ? each.until : earliest), kept[0].until);
  return { since, until, areaM2: sum(kept) };
}

/** Leaves out the parts of the latest (or earliest) days as long as they are small; never those of the largest part. */
function withoutSpecks(
  parts: readonly Compared[],
  dayOf: (part: Compared) => string,
  budget: number,
  latest: boolean,
): Compared[] {
  const groups = [...Map.groupBy(parts, dayOf)].sort(([a], [b]) => (a < b ? -1 : 1) * (latest ? -1 : 1));
  const largest = Math.max(0, ...groups.map(([, group]) => sum(group)));
  let left = budget;
  while (groups.length > 0) {
    const areaM2 = sum(groups[0][1]);
    if (areaM2 === largest || areaM2 > left) break;
    left -= areaM2;
    groups.shift();
  }
  return groups.flatMap(([, group]) => group);
}

function sum(parts: readonly Compared[]): number {
  return parts.reduce((total, { areaM2 }) => total + areaM2, 0);
}
