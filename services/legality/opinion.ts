import type { Label } from '../lifecycle/label.ts';
import type { InstrumentKind } from '../zones/layer-roles.ts';
import type { Kind, OpinionCode } from './kinds.ts';
import type { CheckName, Use } from './rule-set.ts';

/**
 * What a rule set makes of a patch, with all it rests on. The same facts and rule set give the same opinion to the
 * byte, whatever order the facts stand in. Areas are m² on the ellipsoid, rounded to 0.01; tests are made on the
 * rounded figures, so that whoever recomputes what is shown gets the same result.
 */
export interface Opinion {
  edition: 'opinion-1';
  opinion: OpinionCode;
  kind: Kind | null;
  /** Rule of the set that decided; with the set's id and version it can be looked up for ever. */
  ruleId: string;
  ruleSetId: string;
  ruleVersion: string;
  use: Use;
  /** 新增 or 存量, by when it was built; straddles: the onset interval holds the cut-off; null: the rules set none. */
  built: 'new' | 'old' | 'straddles' | null;
  /** 补办: documents issued after the onset over ground that had none. They are noted; they do not make it lawful. */
  regularisedBy: { ref: string; number: string | null; date: string; coveredM2: number }[];
  figures: Figures;
  evidence: Evidence[];
  missing: Missing[];
  /** Every check in order, as far as it went. */
  steps: Step[];
}

export interface Figures {
  areaM2: number;
  /** Surely allowed by a document or by what people established. */
  coveredM2: number;
  /** Needs no document. */
  freeM2: number;
  /** May turn out either way. */
  doubtfulM2: number;
  /** Surely not allowed. */
  uncoveredM2: number;
  farmland: ZoneFigures;
  permanentBasicFarmland: ZoneFigures;
  redLine: ZoneFigures;
  byInstrument: InstrumentFigures[];
}

/** As the layer on file says; `known` false: it vouches for less than the place and day, or there is none. */
export interface ZoneFigures {
  known: boolean;
  areaM2: number;
  doubtfulM2: number;
  uncoveredM2: number;
}

export interface InstrumentFigures {
  ref: string;
  kind: InstrumentKind;
  number: string | null;
  coveredM2: number;
  /** Share of the patch, 0-1, rounded to 0.0001. */
  share: number;
  time: TimeStanding;
}

/** Where a document stands in time: valid, not yet issued, run out, or not to be told and why. */
export type TimeStanding = 'valid' | 'late' | 'expired' | 'dated-inside-onset' | 'document-undated' | 'expiry-unclear';

export interface Evidence {
  what: 'instrument' | 'near-instrument' | 'layer' | 'established' | 'image';
  /** Id of the document or layer, or the name of what was established. */
  ref: string;
  figures: Readonly<Record<string, string | number | boolean | null>>;
}

export interface Missing {
  what: 'layer' | 'document' | 'field-check';
  /** Name of the layer, id of the document, or what is to be checked. */
  ref: string;
  why: Why;
  /** True where the opinion hangs on it; otherwise it is only noted. */
  decides: boolean;
  text: Label;
  remedy: Label;
}

export type Why =
  | 'absent'
  | 'not-covering'
  | 'completeness-unknown'
  | 'stale'
  | 'dated-inside-onset'
  | 'document-undated'
  | 'expiry-unclear'
  | 'condition-unproven'
  | 'not-established';

export interface Step {
  check: CheckName;
  ruleId: string;
  /** passed decides; failed and in-doubt hand on to the next check; not-reached: decided before. */
  result: 'passed' | 'failed' | 'in-doubt' | 'not-reached';
  /** Coverage test applied, and its figures with the documents of this check and those before it. */
  coverageRuleId: string;
  allowedM2: number;
  doubtfulM2: number;
  uncoveredM2: number;
  /** Farmland not allowed: surely, and at most. */
  farmlandUncoveredM2: number;
  farmlandUncoveredAtMostM2: number;
  /** Documents of this check that touch the patch, and layers that would have to vouch for it but do not. */
  instruments: string[];
  layersMissing: string[];
}
