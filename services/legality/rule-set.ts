import { z } from 'zod';
import type { ChangeType } from '../../detectors/change-type.ts';
import type { InstrumentKind } from '../zones/layer-roles.ts';
import { KINDS } from './kinds.ts';

/**
 * The form of a rule set: the law as one province or the country applies it from a day on. Whatever differs by place
 * or year stands here, never in code. Each rule has an id, which opinions cite.
 */

const label = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const anId = 'an id of small letters, digits, dots and hyphens';
const id = z.string(anId).regex(/^[a-z0-9][a-z0-9.-]*$/, anId);
const day = z.iso.date('a day as YYYY-MM-DD');
const share = z.number('a number from 0 to 1').min(0, 'a number from 0 to 1').max(1, 'a number from 0 to 1');
const amount = z.number('a number of 0 or more').min(0, 'a number of 0 or more');
const wholeNumber = z.int('a whole number of 0 or more').min(0, 'a whole number of 0 or more');

const kindsOfInstrument = {
  approval: true,
  'land-supply': true,
  registration: true,
  'quota-link': true,
  'facility-farmland': true,
  'temporary-land': true,
  homestead: true,
  'mining-licence': true,
  'balance-plan': true,
  'red-line-finding': true,
  'national-project': true,
  'water-permit': true,
} as const satisfies Record<InstrumentKind, true>;
const typesOfChange = {
  built: true,
  road: true,
  bare: true,
  water: true,
  'vegetation-loss': true,
  'vegetation-gain': true,
  greenhouse: true,
  solar: true,
  unknown: true,
} as const satisfies Record<ChangeType, true>;

export const CHECKS = ['approval', 'land-supply', 'registration', 'facility-farmland', 'rural-road', 'other'] as const;
export type CheckName = (typeof CHECKS)[number];
/** Where a document may be needed. The first three are what the ground is, of which every place is one. */
const ZONES = [
  'permanent-basic-farmland',
  'farmland',
  'other',
  'red-line',
  'outside-growth-boundary',
  'river-lake',
] as const;
export type Zone = (typeof ZONES)[number];
export const USES = ['construction', 'non-grain', 'planting', 'clearing', 'undetermined'] as const;
/** What a change makes of the ground, in the eyes of the law. */
export type Use = (typeof USES)[number];

const instrument = z.enum(Object.keys(kindsOfInstrument) as InstrumentKind[]);
const changeType = z.enum(Object.keys(typesOfChange) as ChangeType[]);
const zone = z.enum(ZONES);
const use = z.enum(USES);

export const ruleSetSchema = z.strictObject({
  edition: z.literal('rules-1'),
  id,
  version: z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'a version such as 1.0 or 2.1.3'),
  title: label,
  /** First two digits of the codes it holds for; '' = everywhere that has no set of its own. */
  province: z.string().regex(/^(\d{2})?$/, 'the first two digits of the province, or an empty text'),
  effectiveFrom: day,
  /** Last day, or null. */
  effectiveTo: day.nullable(),
  notes: z.array(z.strictObject({ grade: z.enum(['major', 'minor']), zh: z.string(), en: z.string() })),
  /** In the order of the law. Each counts its own documents and those of the checks before it. */
  checks: z.array(z.strictObject({ id, check: z.enum(CHECKS), title: label, instruments: z.array(instrument) })),
  /** The first whose `aboveMu` the patch exceeds: share covered at least, farmland not covered below. */
  coverage: z.array(z.strictObject({ id, aboveMu: amount, leastShare: share, farmlandUncoveredBelowMu: amount })),
  /**
   * Which types of change are what use, and in which zones that use needs a document. `certain` false: the image
   * cannot tell, so that a lack of documents is a doubt. `judgedAs`: the use whose documents are asked for.
   */
  uses: z.array(
    z.strictObject({
      id,
      use,
      types: z.array(changeType),
      zones: z.array(zone),
      certain: z.boolean(),
      judgedAs: z.enum(['construction', 'non-grain']),
      minimumAreaM2: amount,
      /** Built on this day or later is 新增; null: not told apart. */
      newSince: day.nullable(),
    }),
  ),
  /** A type told with less confidence than this is not relied on. */
  leastTypeConfidence: share,
  /**
   * Instrument × zone: who may cure what, for changes of `types` only where they are named. A cure with a condition is
   * in doubt until a person has seen to it. `sought` false: it counts where it is on file, but its layer is not missed.
   */
  cures: z.array(
    z.strictObject({
      id,
      instrument,
      zones: z.array(zone),
      uses: z.array(z.enum(['construction', 'non-grain'])),
      types: z.array(changeType).optional(),
      condition: label.optional(),
      sought: z.boolean().optional(),
    }),
  ),
  /** True: a document dated inside the onset interval counts, as it was valid at the later image. */
  time: z.strictObject({ id, validAtLaterImageSuffices: z.boolean() }),
  /** Changes of these types under these documents also need land supply (or what stands for it). */
  landSupply: z.strictObject({
    id,
    instruments: z.array(instrument),
    types: z.array(changeType),
    satisfiedBy: z.array(instrument),
  }),
  expiry: z.array(
    z.strictObject({
      id,
      instrument,
      /** True: the land must be given back at the end; false: what was done in time stays lawful. */
      endsOccupation: z.boolean(),
      graceDays: wholeNumber,
      /** Longest term where the document states none; null: it has no end then. */
      monthsUnlessStated: z.int('a whole number above 0').positive('a whole number above 0').nullable(),
      /** A newer document over at least this share of the same ground renews it. */
      renewedBy: z.array(instrument),
      renewedShare: share,
    }),
  ),
  /** What layers must vouch for. */
  evidence: z.strictObject({
    id,
    /** Days a layer's completeness may lie before the later image; 0 where not named. */
    mayLagDays: z.array(z.strictObject({ layer: z.string().min(1), days: wholeNumber })),
    /** Documents that the layer `approvals` holds where they have no layer of their own. */
    approvalsHold: z.array(instrument),
  }),
  /** Classes (GB/T 21010, first digits) of farmland, and of ground that is built-up already. */
  ground: z.strictObject({
    id,
    farmlandClasses: z.array(z.string().regex(/^\d{2,4}$/, 'two to four digits')).min(1),
    builtUpClasses: z.array(z.string().regex(/^\d{2,4}$/, 'two to four digits')),
  }),
  /** Width and shape cannot be told from images: these types, in these zones, may be one until a person says. */
  ruralRoad: z.strictObject({ id, types: z.array(changeType), zones: z.array(zone) }),
  facilityFarmland: z.strictObject({ id, types: z.array(changeType), zones: z.array(zone) }),
  /** On permanent basic farmland it is a breach from `leastMu` on; elsewhere as said here. */
  nonGrain: z.strictObject({ id, leastMu: amount, ordinaryFarmland: z.enum(['other', 'suspected-illegal']) }),
  /** 批东占西: an unused document nearby of these kinds, so many times as large as the patch. */
  near: z.strictObject({ id, instruments: z.array(instrument), leastRatio: amount, mostRatio: amount }),
  /** The rule behind each kind of opinion. */
  kinds: z.record(z.enum(Object.keys(KINDS) as (keyof typeof KINDS)[]), id),
});

export type RuleSet = z.infer<typeof ruleSetSchema>;

/** 'cn-2024@1.0': how people and opinions name one version of a rule set. */
export function nameOf({ id, version }: Pick<RuleSet, 'id' | 'version'>): string {
  return `${id}@${version}`;
}
