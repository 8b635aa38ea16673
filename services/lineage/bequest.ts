import { type Inherited, inheritanceOf, logFacts } from '../cycle/patch-log.ts';
import type { Projection, Standing } from '../lifecycle/projection.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import type { EventRow } from '../store/events.ts';
import { apportion } from './apportion.ts';

/** What a patch hands down to those that come to stand for it; pure. */

export interface Bequest {
  standing: Standing;
  /** m² that people measured; shared out by area among pieces, added up in a merge. null: nobody did. */
  violationM2: number | null;
  restoredM2: number | null;
  remedy: Record<string, number> | null;
  inherited: Inherited;
  /** What was said of it last, word for word, by its name in payloads. */
  said: Record<string, unknown>;
}

/** Names in payloads of what holds until somebody says otherwise, for the pieces as for the whole. */
const SAID = ['occupier', 'occupierId', 'assignee', 'department', 'cause'];

/** @param log of the patch, oldest first */
export function bequestOf(log: readonly EventRow[], projection: Projection): Bequest {
  const { version: _, updatedAt: _at, updatedBy: _by, last: _last, ...standing } = projection;
  const bequest: Bequest = {
    ...{ standing, violationM2: null, restoredM2: null, remedy: null, said: {} },
    inherited: inheritanceOf(log, logFacts(log, 0)),
  };
  for (const { action, payloadJson } of withoutUndone(log)) {
    const payload = JSON.parse(payloadJson) as Record<string, unknown>;
    // What had been put right was undone by what happened next.
    if (action === 'reopen') [bequest.remedy, bequest.restoredM2] = [null, null];
    if (isArea(payload['violationM2'])) bequest.violationM2 = payload['violationM2'];
    if (isArea(payload['restoredM2'])) bequest.restoredM2 = payload['restoredM2'];
    if (typeof payload['remedy'] === 'object' && payload['remedy'] !== null)
      bequest.remedy = areasOf(payload['remedy']);
    for (const name of SAID) if (payload[name] !== undefined) bequest.said[name] = payload[name];
  }
  return bequest;
}

/** What each piece takes over: states and words whole, measured areas by its share of the whole. */
export function dividedAmong(bequest: Bequest, areasM2: readonly number[]): Bequest[] {
  const shares = (area: number) => apportion(area, areasM2);
  const [violation, restored] = [bequest.violationM2, bequest.restoredM2].map((area) => (area ? shares(area) : null));
  const remedy = Object.entries(bequest.remedy ?? {}).map(([name, area]) => [name, shares(area)] as const);
  return areasM2.map((_, i) => ({
    ...bequest,
    violationM2: violation?.[i] ?? bequest.violationM2,
    restoredM2: restored?.[i] ?? bequest.restoredM2,
    remedy: bequest.remedy && Object.fromEntries(remedy.map(([name, parts]) => [name, parts[i]])),
  }));
}

/**
 * What a merged patch takes over: the latest standing of those of the earliest due date, and the sums of what was
 * measured. @param breachesM2 of each, how large its breach counts where nobody measured it
 */
export function joined(bequests: readonly Bequest[], breachesM2: readonly number[]): Bequest {
  const urgent = [...bequests].sort((a, b) => dueOf(a).localeCompare(dueOf(b)))[0];
  const sum = (values: readonly number[]) => Math.round(values.reduce((all, value) => all + value, 0) * 100) / 100;
  const some = (values: readonly (number | null)[]) => values.some((value) => value !== null);
  const [violations, restored] = [bequests.map((one) => one.violationM2), bequests.map((one) => one.restoredM2)];
  const remedies = bequests.map(({ remedy }) => remedy).filter((remedy) => remedy !== null);
  const ways = [...new Set(remedies.flatMap((remedy) => Object.keys(remedy)))];
  return {
    standing: urgent.standing,
    violationM2: some(violations) ? sum(violations.map((value, i) => value ?? breachesM2[i])) : null,
    restoredM2: some(restored) ? sum(restored.map((value) => value ?? 0)) : null,
    remedy:
      ways.length === 0 ? null : Object.fromEntries(ways.map((way) => [way, sum(remedies.map((r) => r[way] ?? 0))])),
    inherited: {
      warned: bequests.some(({ inherited }) => inherited.warned),
      reported: bequests.some(({ inherited }) => inherited.reported),
      returned: bequests.some(({ inherited }) => inherited.returned),
      way: urgent.inherited.way,
      returnedFrom: urgent.inherited.returnedFrom,
    },
    said: Object.assign({}, ...bequests.map(({ said }) => said), urgent.said),
  };
}

/** The payload of a successor's first event. */
export function payloadOf({ violationM2, restoredM2, remedy, inherited, said }: Bequest): Record<string, unknown> {
  return {
    ...said,
    ...(violationM2 !== null && { violationM2 }),
    ...(restoredM2 !== null && { restoredM2 }),
    ...(remedy !== null && { remedy }),
    inherited,
  };
}

function dueOf({ standing: { dueAt, stopped } }: Bequest): string {
  return dueAt ?? stopped?.heldDueAt ?? '';
}

function areasOf(value: object): Record<string, number> {
  return Object.fromEntries(Object.entries(value).filter(([, area]) => isArea(area))) as Record<string, number>;
}

function isArea(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
