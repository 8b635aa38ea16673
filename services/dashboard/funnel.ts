import { muOf, shownM2 } from '../legality/area.ts';
import { STATES, stateOf } from '../lifecycle/transitions.ts';

import type { Amount, Funnel, MonthCounts, WaitingState } from './figures.ts';
import type { StateSum, Waiting } from './sums.ts';

/** The way from find over warn to resolve, and who waits where; pure. */

/** States into which a patch comes without ever having been sent out. */
const BEFORE_WARNING: readonly string[] = ['found', 'dismissed'];
const DAY_MS = 86_400_000;
const STAGES = ['find', 'warn', 'resolve'] as const;

/** @param sums of one month */
export function funnelOf(sums: readonly StateSum[], waiting: readonly Waiting[], at: Date): Funnel {
  const outcome = (name: string) => sums.filter(({ state }) => stateOf('patch', state).outcome === name);
  const open = outcome('open');
  return {
    found: amountOf(sums),
    warned: sums.reduce((all, { warned }) => all + warned, 0),
    pastWarning: amountOf(sums.filter(({ state }) => !BEFORE_WARNING.includes(state))).patches,
    open: amountOf(open),
    overdue: overdueOf(open),
    resolved: amountOf(outcome('resolved')),
    dismissed: amountOf(outcome('dismissed')),
    stages: STAGES.map((stage) => {
      const own = open.filter(({ state }) => stateOf('patch', state).stage === stage);
      return { stage, open: amountOf(own), overdue: overdueOf(own), states: statesOf(stage, own, waiting, at) };
    }),
  };
}

function statesOf(stage: string, sums: readonly StateSum[], waiting: readonly Waiting[], at: Date): WaitingState[] {
  const states = STATES.patch.filter((state) => state.stage === stage && state.outcome === 'open');
  return states.flatMap(({ name, label }) => {
    const own = sums.filter(({ state }) => state === name);
    if (own.length === 0) return [];
    const days = waiting
      .filter(({ state, since }) => state === name && since !== '')
      .map(({ since, patches }) => ({ days: daysSince(since, at), patches }));
    return [{ state: name, label, ...amountOf(own), overdue: overdueOf(own), ...waitOf(days) }];
  });
}

/** Median and longest of days that so many patches wait. */
function waitOf(days: readonly { days: number; patches: number }[]): Pick<WaitingState, 'medianDays' | 'longestDays'> {
  const ordered = days.toSorted((a, b) => a.days - b.days);
  const all = ordered.reduce((sum, { patches }) => sum + patches, 0);
  if (all === 0) return { medianDays: null, longestDays: null };
  let passed = 0;
  const median = ordered.find(({ patches }) => {
    passed += patches;
    return 2 * passed >= all;
  })!;
  return { medianDays: median.days, longestDays: ordered.at(-1)!.days };
}

function daysSince(hour: string, at: Date): number {
  return Math.max(0, Math.round((10 * (at.getTime() - Date.parse(`${hour}:00:00Z`))) / DAY_MS) / 10);
}

export function amountOf(sums: readonly Pick<StateSum, 'patches' | 'areaM2'>[]): Amount {
  const areaM2 = shownM2(sums.reduce((sum, one) => sum + one.areaM2, 0));
  return { patches: sums.reduce((sum, one) => sum + one.patches, 0), areaM2, areaMu: muOf(areaM2) };
}

export function overdueOf(sums: readonly Pick<StateSum, 'overdue'>[]): number {
  return sums.reduce((sum, { overdue }) => sum + overdue, 0);
}

/** The columns of the month's table over some sums. */
export function countsOf(sums: readonly StateSum[]): MonthCounts {
  const { found, warned, open, overdue, resolved, dismissed } = funnelOf(sums, [], new Date(0));
  return {
    ...{ found: found.patches, warned, open: open.patches, overdue },
    ...{ resolved: resolved.patches, dismissed: dismissed.patches, areaM2: found.areaM2 },
  };
}
