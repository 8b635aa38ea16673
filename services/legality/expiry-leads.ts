import type { Instrument } from '../zones/layer-roles.ts';
import { shownM2 } from './area.ts';
import type { Kind, OpinionCode } from './kinds.ts';
import type { RuleSet } from './rule-set.ts';
import { daysLater, endOf } from './time-standing.ts';

/** A document's ground, with the other documents over it. */
export interface DocumentZone {
  id: string;
  areaM2: number;
  instrument: Instrument;
  /** Other documents over the same ground, each with the share of this zone's area that it covers, 0-1. */
  others: readonly { instrument: Instrument; share: number }[];
}

/** Land whose document has run out: a lead though nothing changed in the image. */
export interface ExpiryLead {
  zoneId: string;
  /** in-doubt: the end is not on file; by the longest term that the rules allow it has passed. */
  opinion: Extract<OpinionCode, 'suspected-illegal' | 'in-doubt'>;
  kind: Extract<Kind, 'temporary-overdue' | 'document-expired' | 'expiry-unclear'>;
  /** Last day it was valid, grace not included. */
  expiredOn: string;
  areaM2: number;
  number: string | null;
  holder: string | null;
  ruleId: string;
  ruleSetId: string;
  ruleVersion: string;
}

/**
 * Documents that have run out, grace included, before `day` (YYYY-MM-DD) and that no document valid on it has renewed
 * over enough of the same ground. In order of the day they expired, then of id. Pure.
 */
export function expiryLeads(zones: readonly DocumentZone[], day: string, ruleSet: RuleSet): ExpiryLead[] {
  const leads = zones.flatMap((zone) => leadOf(zone, day, ruleSet) ?? []);
  return leads.sort((a, b) => compare(`${a.expiredOn} ${a.zoneId}`, `${b.expiredOn} ${b.zoneId}`));
}

function leadOf({ id, areaM2, instrument, others }: DocumentZone, day: string, ruleSet: RuleSet): ExpiryLead | null {
  const rule = ruleSet.expiry.find((one) => one.instrument === instrument.kind);
  const end = endOf(instrument, ruleSet);
  if (rule === undefined || end === null || end.day >= day) return null;
  const renewed = others.some(
    (other) =>
      other.share >= rule.renewedShare &&
      rule.renewedBy.includes(other.instrument.kind) &&
      isValidOn(day, other.instrument, ruleSet),
  );
  if (renewed) return null;
  const overdue = instrument.kind === 'temporary-land' ? 'temporary-overdue' : 'document-expired';
  return {
    zoneId: id,
    opinion: end.stated ? 'suspected-illegal' : 'in-doubt',
    kind: end.stated ? overdue : 'expiry-unclear',
    expiredOn: daysLater(end.day, -rule.graceDays),
    areaM2: shownM2(areaM2),
    number: instrument.number,
    holder: instrument.holder,
    ruleId: rule.id,
    ruleSetId: ruleSet.id,
    ruleVersion: ruleSet.version,
  };
}

/** A document without a date proves no renewal. */
function isValidOn(day: string, document: Instrument, ruleSet: RuleSet): boolean {
  if (document.date === null || document.date > day) return false;
  const end = endOf(document, ruleSet);
  return end === null || end.day >= day;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
