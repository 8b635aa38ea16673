import type { InstrumentFact, PatchFacts } from './facts.ts';
import type { DoubtKind } from './kinds.ts';
import type { Missing, TimeStanding, Why } from './opinion.ts';
import type { CheckName, RuleSet, Use, Zone } from './rule-set.ts';
import { type OnsetInterval, timeStanding } from './time-standing.ts';
import { evidenceLayerOf, type Vouching } from './vouching.ts';

/** How documents stand over one atom in one zone, best first. `allowed` and `doubt` apart, each is a kind of breach. */
export const STANDINGS = ['allowed', 'doubt', 'no-supply', 'expired', 'late', 'out-of-scope', 'none'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Why something is in doubt: what is missing, and the kind of doubt that makes. */
export interface Cause {
  kind: DoubtKind;
  what: Missing['what'];
  ref: string;
  why: Why;
}

export interface ZoneStanding {
  standing: Standing;
  /** Only of a doubt. */
  causes: Cause[];
}

/** All that is the same for every atom of a patch. */
export interface Matter {
  facts: PatchFacts;
  ruleSet: RuleSet;
  onset: OnsetInterval;
  vouching: (layer: string) => Vouching;
  use: Use;
  judgedAs: 'construction' | 'non-grain';
  /** Zones in which the use needs a document. */
  zones: readonly Zone[];
  /** False where the image cannot tell whether it is that use at all. */
  certain: boolean;
  instruments: ReadonlyMap<string, InstrumentFact>;
}

/** Judges one zone of one atom by the documents of the checks that have been reached. */
export function zoneStanding(
  zone: Zone,
  documents: readonly InstrumentFact[],
  reached: ReadonlySet<CheckName>,
  matter: Matter,
): ZoneStanding {
  if (establishedFor(zone, reached, matter)) return { standing: 'allowed', causes: [] };
  const each = documents.map((document) => documentStanding(document, zone, documents, matter));
  const standing = best(each.map((one) => one.standing));
  if (standing === 'allowed') return { standing, causes: [] };
  const causes = [
    ...each.flatMap((one) => one.causes),
    ...unseenDocuments(zone, reached, matter),
    ...untold(zone, reached, matter),
  ];
  return causes.length > 0 ? { standing: 'doubt', causes } : { standing, causes };
}

/** Rows of the cure table that hold for this change in a zone. */
export function curesOf(zone: Zone, { ruleSet, judgedAs, facts }: Matter): RuleSet['cures'] {
  return ruleSet.cures.filter(
    ({ zones, uses, types }) =>
      zones.includes(zone) && uses.includes(judgedAs) && (types === undefined || types.includes(facts.patch.type)),
  );
}

export function best(standings: readonly Standing[]): Standing {
  return STANDINGS.find((standing) => standings.includes(standing)) ?? 'none';
}

export function worst(standings: readonly Standing[]): Standing {
  return STANDINGS.findLast((standing) => standings.includes(standing)) ?? 'allowed';
}

function documentStanding(
  document: InstrumentFact,
  zone: Zone,
  others: readonly InstrumentFact[],
  matter: Matter,
): ZoneStanding {
  const { ruleSet, onset, facts } = matter;
  const row = curesOf(zone, matter).find(({ instrument }) => instrument === document.kind);
  const refuted = document.kind === 'facility-farmland' && facts.established.facilityFarmland === false;
  if (row === undefined || refuted) return { standing: 'out-of-scope', causes: [] };
  const time = timeStanding(document, onset, ruleSet);
  const inTime = ofTime(time, document.id);
  if (inTime.standing === 'allowed' && row.condition !== undefined) {
    return doubt({ kind: 'condition-unproven', what: 'document', ref: document.id, why: 'condition-unproven' });
  }
  if (inTime.standing === 'late' || inTime.standing === 'expired') return inTime;
  return needsSupply(document, matter) ? supplied(inTime, others, matter) : inTime;
}

function ofTime(time: TimeStanding, ref: string): ZoneStanding {
  if (time === 'valid') return { standing: 'allowed', causes: [] };
  if (time === 'late' || time === 'expired') return { standing: time, causes: [] };
  return doubt({ kind: time, what: 'document', ref, why: time });
}

function needsSupply({ kind }: InstrumentFact, { ruleSet: { landSupply }, facts }: Matter): boolean {
  return landSupply.instruments.includes(kind) && landSupply.types.includes(facts.patch.type);
}

/** An approval that needs land supply is worth no more than the supply that goes with it. */
function supplied(approval: ZoneStanding, others: readonly InstrumentFact[], { ruleSet, onset }: Matter): ZoneStanding {
  const supplies = others.filter(({ kind }) => ruleSet.landSupply.satisfiedBy.includes(kind));
  const each = supplies.map((supply) => ofTime(timeStanding(supply, onset, ruleSet), supply.id));
  const standing = best(each.map((one) => one.standing));
  if (standing === 'allowed') return approval;
  const causes = [...approval.causes, ...each.flatMap((one) => one.causes)];
  return standing === 'doubt' ? { standing, causes } : { standing: 'no-supply', causes: [] };
}

/** Layers that do not vouch, and might hold a document that cures this zone. */
function unseenDocuments(zone: Zone, reached: ReadonlySet<CheckName>, matter: Matter): Cause[] {
  const { facts, ruleSet, vouching } = matter;
  const kinds = ruleSet.checks.filter(({ check }) => reached.has(check)).flatMap(({ instruments }) => instruments);
  const able = curesOf(zone, matter).filter(({ instrument, sought }) => sought !== false && kinds.includes(instrument));
  const layers = new Set(able.map(({ instrument }) => evidenceLayerOf(instrument, facts, ruleSet)));
  return [...layers].flatMap((layer) => {
    const why = vouching(layer);
    return why === 'vouched' ? [] : [{ kind: 'evidence-incomplete' as const, what: 'layer' as const, ref: layer, why }];
  });
}

/** What people on site have established stands for the document. */
function establishedFor(zone: Zone, reached: ReadonlySet<CheckName>, matter: Matter): boolean {
  const { facts, ruleSet } = matter;
  const { ruralRoad, facilityFarmland } = facts.established;
  if (ruralRoad && reached.has('rural-road') && ruleSet.ruralRoad.zones.includes(zone)) return true;
  return (
    facilityFarmland === true &&
    reached.has('facility-farmland') &&
    curesOf(zone, matter).some(({ instrument }) => instrument === 'facility-farmland')
  );
}

/** What only a look on site can tell: whether it is that use at all, a rural road, or facility farmland. */
function untold(zone: Zone, reached: ReadonlySet<CheckName>, { facts, ruleSet, certain }: Matter): Cause[] {
  const check = (ref: string): Cause => ({ kind: 'cannot-be-told', what: 'field-check', ref, why: 'not-established' });
  const may = (of: RuleSet['ruralRoad'], established: boolean | undefined) =>
    established === undefined && of.types.includes(facts.patch.type) && of.zones.includes(zone);
  const causes: Cause[] = [];
  if (!certain) causes.push(check('use'));
  if (reached.has('rural-road') && may(ruleSet.ruralRoad, facts.established.ruralRoad))
    causes.push(check('rural-road'));
  if (reached.has('facility-farmland') && may(ruleSet.facilityFarmland, facts.established.facilityFarmland)) {
    causes.push(check('facility-farmland'));
  }
  return causes;
}

function doubt(cause: Cause): ZoneStanding {
  return { standing: 'doubt', causes: [cause] };
}
