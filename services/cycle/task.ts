import type { Insertable } from 'kysely';
import { KINDS, type Kind, OPINIONS, type OpinionCode } from '../legality/kinds.ts';
import { sha256Of } from '../sha256.ts';
import type { DetectionRow } from '../store/detections.ts';
import type { OpinionRow } from '../store/opinions.ts';
import type { PatchRow } from '../store/patches.ts';
import type { MonthTaskTable } from '../store/schema-cycle.ts';

/** What a task is sent with; pure. */

/** Enough to find, and to prove, what was seen. */
export interface EvidenceReference {
  detectionId: string;
  /** Last look unchanged and first look changed. */
  beforeDate: string;
  afterDate: string;
  /** sha256 of the detection's evidence as stored: scenes, hashes, pixels. */
  evidenceSha256: string;
  /** Opinion it is sent with, by id, rule and edition; null: no rules have judged it. */
  opinion: { id: string; ruleId: string; ruleSet: string } | null;
}

/** The opinion decides: what the rules leave in doubt, or have not judged, goes out to be cleared up. */
export function taskKind(opinion: OpinionRow | null): 'task' | 'in-doubt' {
  return opinion === null || opinion.opinion === 'in-doubt' ? 'in-doubt' : 'task';
}

/** The opinion in words, as the district reads it: 变“交问题”为“交任务”. */
export function taskNote(number: string, opinion: OpinionRow | null): string {
  const task = `任务 ${number}`;
  if (opinion === null) return `${task}：存疑——尚无规则意见，请实地核查并举证。 In doubt: no rule has judged it.`;
  const name = OPINIONS[opinion.opinion as OpinionCode] ?? { zh: opinion.opinion, en: opinion.opinion };
  const kind = KINDS[opinion.kind as Kind];
  const of = kind ? `（${kind.zh}）` : '';
  const asked = taskKind(opinion) === 'in-doubt' ? '请补充证据，实地核查。' : '请实地核查、依法处置。';
  const cited = `依据 ${opinion.ruleSetId}@${opinion.ruleVersion} ${opinion.ruleId}`;
  return `${task}：${name.zh}${of}，${cited}。${asked} ${name.en}${kind ? `, ${kind.en}` : ''}.`;
}

export function evidenceReference(detection: DetectionRow, opinion: OpinionRow | null): EvidenceReference {
  const { id: detectionId, beforeDate, afterDate, evidenceJson } = detection;
  return {
    detectionId,
    beforeDate,
    afterDate,
    evidenceSha256: sha256Of(evidenceJson),
    opinion: opinion && {
      id: opinion.id,
      ruleId: opinion.ruleId,
      ruleSet: `${opinion.ruleSetId}@${opinion.ruleVersion}`,
    },
  };
}

/** District (6) + month (6) + T + sequence (4 or more). */
export function taskNumber(office: string, month: string, seq: number): string {
  return `${office}${month.replace('-', '')}T${String(seq).padStart(4, '0')}`;
}

/** Whose numbers a patch's tasks count in. */
export function officeOf({ district }: Pick<PatchRow, 'district'>): string {
  return district.slice(0, 6);
}

export type Task = Insertable<MonthTaskTable>;
