import type { InstrumentKind } from '../zones/layer-roles.ts';
import type { LayerFact, PatchFacts } from './facts.ts';
import type { Why } from './opinion.ts';
import type { RuleSet } from './rule-set.ts';
import { daysLater } from './time-standing.ts';

/** Whether a layer can be relied on for a patch, and why not. */
export type Vouching = 'vouched' | Extract<Why, 'absent' | 'not-covering' | 'completeness-unknown' | 'stale'>;

const LAYER_OF: Readonly<Record<InstrumentKind, string>> = {
  approval: 'approvals',
  'national-project': 'approvals',
  'land-supply': 'land-supply',
  registration: 'registrations',
  'quota-link': 'quota-links',
  'facility-farmland': 'facility-farmland',
  'temporary-land': 'temporary-land',
  homestead: 'homesteads',
  'mining-licence': 'mining-licences',
  'balance-plan': 'balance-plans',
  'red-line-finding': 'red-line-findings',
  'water-permit': 'water-permits',
};

const BEST_FIRST: readonly Vouching[] = ['vouched', 'stale', 'completeness-unknown', 'not-covering', 'absent'];

/**
 * Tells of each layer whether it vouches for a patch: it must cover the district and be complete to the later image,
 * or as old as the rules let it be.
 */
export function vouchingTeller(facts: PatchFacts, ruleSet: RuleSet): (layer: string) => Vouching {
  const told = new Map<string, Vouching>();
  for (const fact of facts.layers) {
    const vouching = ofVersion(fact, facts, ruleSet);
    const before = told.get(fact.layer) ?? 'absent';
    if (BEST_FIRST.indexOf(vouching) < BEST_FIRST.indexOf(before)) told.set(fact.layer, vouching);
  }
  return (layer) => told.get(layer) ?? 'absent';
}

function ofVersion({ layer, covers, completeTo }: LayerFact, { patch }: PatchFacts, { evidence }: RuleSet): Vouching {
  if (!covers) return 'not-covering';
  if (completeTo === null) return 'completeness-unknown';
  const lag = evidence.mayLagDays.find((rule) => rule.layer === layer)?.days ?? 0;
  return daysLater(completeTo, lag) >= patch.onset.firstChanged ? 'vouched' : 'stale';
}

/**
 * The layer that has to vouch for documents of a kind: their own, or `approvals` where the rules let it hold them and
 * no layer of their own covers the district.
 */
export function evidenceLayerOf(kind: InstrumentKind, facts: PatchFacts, ruleSet: RuleSet): string {
  const own = LAYER_OF[kind];
  const inApprovals = ruleSet.evidence.approvalsHold.includes(kind);
  const ownCovers = facts.layers.some(({ layer, covers }) => layer === own && covers);
  return inApprovals && !ownCovers ? 'approvals' : own;
}
