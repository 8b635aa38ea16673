import type { DutyEntry } from '../store/duties.ts';
import type { DutyKind } from './person.ts';

/** What somebody is responsible for, and from when to when, as all entries have it. */
export interface Duty {
  /** Id of the entry that began it. */
  id: string;
  person: string;
  duty: DutyKind;
  /** Code of one grid; null: over a district. */
  grid: string | null;
  /** District code prefix, '' = everywhere. */
  district: string;
  /** First and last day, YYYY-MM-DD, both included; toDay null: no end is known. */
  fromDay: string;
  toDay: string | null;
  phone: string | null;
  note: string;
}

/** The register as its entries add up, in the order in which the duties were entered. Pure. */
export function dutiesOf(entries: readonly DutyEntry[]): Duty[] {
  const voided = voidedIds(entries);
  const live = entries.filter(({ id, kind }) => kind !== 'void' && !voided.has(id));
  const ends = new Map<string, string>();
  // Of two ends the later entry holds.
  for (const { kind, ofEntry, toDay } of live) if (kind === 'end') ends.set(ofEntry!, toDay!);
  return live
    .filter(({ kind }) => kind === 'begin')
    .map(({ id, person, duty, grid, district, fromDay, toDay, phone, note }) => ({
      ...{ id, person, duty: duty as DutyKind, grid, district, fromDay: fromDay!, phone, note },
      toDay: ends.get(id) ?? toDay,
    }));
}

/** A voiding may be voided itself; only later entries speak of earlier ones. */
function voidedIds(entries: readonly DutyEntry[]): Set<string> {
  const voided = new Set<string>();
  for (const { id, kind, ofEntry } of entries.toReversed()) {
    if (kind === 'void' && !voided.has(id)) voided.add(ofEntry!);
  }
  return voided;
}

/** Whether it holds on a day, YYYY-MM-DD. */
export function holdsOn({ fromDay, toDay }: Pick<Duty, 'fromDay' | 'toDay'>, day: string): boolean {
  return fromDay <= day && (toDay === null || day <= toDay);
}

/** Whether it is not over by then: it holds, or begins later. */
export function isOpenOn({ fromDay, toDay }: Pick<Duty, 'fromDay' | 'toDay'>, day: string): boolean {
  return toDay === null || (toDay >= day && toDay >= fromDay);
}

/**
 * Who has a duty where: whoever has it for the first of these grids that somebody has it for, else for the narrowest
 * district round the place. Of two on the same ground whoever took it on later.
 */
export function holderOf(
  duties: readonly Duty[],
  duty: DutyKind,
  where: { grids: readonly string[]; district: string },
  day: string,
): Duty | null {
  const rank = (each: Duty) => {
    if (each.grid === null) return where.district.startsWith(each.district) ? each.district.length : -1;
    const place = where.grids.indexOf(each.grid);
    return place < 0 ? -1 : 1000 - place;
  };
  let best: Duty | null = null;
  for (const each of duties) {
    if (each.duty !== duty || !holdsOn(each, day) || rank(each) < 0) continue;
    const ahead = best === null ? 1 : rank(each) - rank(best) || (each.fromDay >= best.fromDay ? 1 : -1);
    if (ahead > 0) best = each;
  }
  return best;
}
