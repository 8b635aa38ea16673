import type { MethodTaken } from './methods.ts';
import type { Screening } from './screening.ts';

/**
 * What a run did, as printed and stored. Every detection is counted once: in `screened`, `issued`, `known`, `seenAgain`
 * or `broughtBack`.
 */
export interface RunSummary {
  runId: string;
  month: string;
  detectorVersion: string;
  /** What its pairs of scenes were judged by; absent in runs of before it was told. */
  methods?: MethodTaken[];
  /** Scenes of the month. */
  scenes: number;
  detections: number;
  /** New patches in the queue. */
  issued: number;
  /** Detections at places that already have an open patch. */
  known: number;
  /** Detections of what has ended and is seen as it was: closed, dismissed or put right. Absent in runs of before. */
  seenAgain?: number;
  /** Detections for which a patch that had ended came back under its own number: grown, or changed after it was put right. */
  broughtBack?: number;
  /** Kept out of the queue, by rule. */
  screened: Record<Exclude<Screening, 'issued'>, number>;
  /** Patches for land whose document ran out, found with no change in any image; not among the issued. */
  expired: number;
  /** Patches for zones of projects found idle, lost or late, with no change in any image; not among the issued. Absent in runs of before. */
  leads?: number;
  /** Patches of such zones that were told how the zone stands now. */
  leadsTold?: number;
  issuedAreaM2: number;
  /** Ground that changed as crops do this month: looked at, and no finding. Share of the compared area. */
  seasonalFraction: number;
  /** Shares of the compared area. */
  observedFraction: number;
  cloudFraction: number;
  warnings: string[];
}
