import type { Label } from '../../lifecycle/label.ts';

/** What is lacking is told as lacking: a photo without a position has not passed. */
export type Outcome = 'passed' | 'failed' | 'cannot-be-told';

export const checkLabels = {
  original: { zh: '原件', en: 'original kept' },
  edited: { zh: '未经编辑', en: 'not edited' },
  copy: { zh: '非重复照片', en: 'not a copy' },
  agreement: { zh: '文件与传感器一致', en: 'file and sensors agree' },
  distance: { zh: '距图斑', en: 'distance to the patch' },
  direction: { zh: '拍摄方向', en: 'direction towards the patch' },
  'after-issue': { zh: '下发之后', en: 'after the task was issued' },
  'after-image': { zh: '后时相之后', en: 'after the later image' },
  share: { zh: '可见比例', en: 'share of the patch seen' },
} as const satisfies Record<string, Label>;

export type CheckName = keyof typeof checkLabels;

export interface CheckResult extends Label {
  check: CheckName;
  outcome: Outcome;
  /** What was measured, in the units of their names. */
  figures: Readonly<Record<string, number | string | boolean | null>>;
}

export function result(
  check: CheckName,
  outcome: Outcome,
  [zh, en]: readonly [zh: string, en: string],
  figures: CheckResult['figures'] = {},
): CheckResult {
  return { check, outcome, zh, en, figures };
}

export function cannotBeTold(check: CheckName, words: readonly [zh: string, en: string]): CheckResult {
  return result(check, 'cannot-be-told', words);
}
