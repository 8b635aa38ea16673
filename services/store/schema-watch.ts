import type { Generated } from 'kysely';

/** What is seen of patches after they were closed, and what late and withdrawn scenes changed. Rows are never changed. */
export interface WatchTables {
  watch_verdicts: WatchVerdictTable;
  late_scenes: LateSceneTable;
  late_effects: LateEffectTable;
}

/** What a month's images say of a closed patch. Of a patch and month the latest row holds. */
export interface WatchVerdictTable {
  seq: Generated<number>;
  /** Hash of what was seen, of which patch, on which claim: the same again is the same verdict. */
  id: string;
  patchId: string;
  district: string;
  /** Month of the images. */
  month: string;
  /** Run whose cells say which image shows which pixel. */
  runId: string;
  /** Event that asked for the closure, with what was claimed. */
  claimId: string;
  verdict: string;
  reason: string;
  /** Days of the images used; null: none shows it. */
  firstDate: string | null;
  lastDate: string | null;
  /** Share of the patch seen. */
  observedShare: number;
  /** JSON of services/watch WatchEvidence: shares, claim, scenes by hash and how to draw them. */
  evidenceJson: string;
  edition: string;
  /** The step that was taken on it; null: none. */
  step: string | null;
  at: string;
}

/** One scene that came late, took another's place or was withdrawn, dealt with once. */
export interface LateSceneTable {
  seq: Generated<number>;
  /** Hash of scene, kind and when it came or went. */
  id: string;
  sceneId: string;
  kind: 'late' | 'replaced' | 'withdrawn';
  /** Of the scene. */
  month: string;
  date: string;
  /** The run in whose conclusion it was dealt with. */
  runId: string;
  /** JSON of services/late LateOutcome. */
  outcomeJson: string;
  at: string;
}

/** What a late or withdrawn scene meant for a patch. */
export interface LateEffectTable {
  seq: Generated<number>;
  lateId: string;
  patchId: string;
  district: string;
  /** found: it shows a change nobody knew. reinstate, reopen, evidence-changed: the step taken. seen-again: it shows it too. */
  effect: string;
  /** What is to be known of it, Chinese first. */
  note: string;
}
