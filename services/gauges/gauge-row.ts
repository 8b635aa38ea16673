import type { Outcome } from '../lifecycle/transition-row.ts';

/** One patch as the gauges add it up. Areas in m² on the ellipsoid. */
export interface GaugeRow {
  patchId: string;
  number: string;
  /** YYYY-MM. */
  month: string;
  district: string;
  areaM2: number;
  /** Of farmland by class, and of permanent basic farmland, within the patch. */
  farmlandM2: number;
  basicFarmlandM2: number;
  /** A person's judgement (lifecycle/judgements.ts) where there is one, else the newest opinion of the rules; or null. */
  opinion: string | null;
  opinionBy: 'person' | 'rules' | null;
  /** Of the lifecycle, and what it amounts to. */
  state: string;
  outcome: Outcome;
  /** Of the farmland taken, how much was put back. */
  restoredM2: number;
  /**
   * Who took it: recorded by a person, else the holder of the document that covers most of it; null = nobody known. By
   * the name that the register of actors has, where it knows the one that is on record.
   */
  actor: string | null;
  /** Of the identity in the register, in which merged actors are one; null where the register does not know the name. */
  actorId: string | null;
  /** The name that is on record. */
  recordedAs: string | null;
  byNewConstruction: boolean;
}

/**
 * What a patch counts as. open: not judged by a person yet, in doubt, or only suspected; imagery is a clue, not proof.
 * none: no change at all, so part of no figure.
 */
export type Standing = 'illegal' | 'lawful' | 'open' | 'none';

const lawfulJudgements = ['lawful', 'rural-road', 'facility', 'other'];
const illegalJudgements = ['illegal-construction', 'non-grain'];
const lawfulOpinions = /^(lawful|rural-road|facility-farmland|other(:.*)?)$/;

export function standingOf({ outcome, opinion, opinionBy }: GaugeRow): Standing {
  if (outcome === 'dismissed') return 'none';
  if (opinion === null) return 'open';
  if (opinionBy === 'person') {
    if (lawfulJudgements.includes(opinion)) return 'lawful';
    return illegalJudgements.includes(opinion) ? 'illegal' : 'open';
  }
  return lawfulOpinions.test(opinion) ? 'lawful' : 'open';
}

/** Whether the rules suspect it and no person has judged it. */
export function isSuspected({ opinion, opinionBy }: GaugeRow): boolean {
  return opinionBy !== 'person' && (opinion?.startsWith('suspected-illegal') ?? false);
}

/** Farmland of the patch not put back, m². */
export function remainingM2({ farmlandM2, restoredM2 }: GaugeRow): number {
  return Math.max(0, farmlandM2 - restoredM2);
}

/** In order of number, then id: every sum is taken in this order, so that it is the same to the last digit. */
export function inOrder(rows: readonly GaugeRow[]): GaugeRow[] {
  const key = ({ number, patchId }: GaugeRow) => `${number}\n${patchId}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
