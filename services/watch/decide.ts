import type { Restoration } from '../../detectors/restoration.ts';
import type { Label } from '../lifecycle/label.ts';
import type { Claim } from './claim.ts';
import { type WatchRules, watchRules } from './rules.ts';

/** What a month's look says of a closed patch, and what follows; pure. */

export type VerdictName = 'restored' | 'still-built' | 'rebuilt' | 'not-sure' | 'no-clear-look' | 'not-required';

export const verdictLabels: Readonly<Record<VerdictName, Label>> = {
  restored: { zh: '已恢复', en: 'restored' },
  'still-built': { zh: '未恢复（疑似虚假整改）', en: 'still built' },
  rebuilt: { zh: '反弹', en: 'built again' },
  'not-sure': { zh: '需人工判读', en: 'not sure, for a person' },
  'no-clear-look': { zh: '尚无清晰影像', en: 'no clear look yet' },
  'not-required': { zh: '补办或没收，无需恢复', en: 'regularised or confiscated: may stay built' },
};

export const watchReasons = {
  fields: { zh: '与周边耕地或原貌一致', en: 'looks as fields around it do, or as it was' },
  'as-changed': { zh: '与变化后影像一致', en: 'looks as it did when it was found' },
  partly: { zh: '部分仍在', en: 'part of it is still there' },
  'cleared-no-field': { zh: '地上物已清，未见复耕', en: 'cleared, but no field yet' },
  'season-hides-it': { zh: '本月农田与变化后地貌难以区分', en: 'fields look alike this month' },
  'remedy-unsaid': { zh: '未填整改方式，仍有地上物', en: 'still there, and nobody said how it was put right' },
  'partly-seen': { zh: '可见面积不足', en: 'too little of it is seen' },
  'no-image': { zh: '本月无影像或被云遮挡', en: 'no image of it this month, or cloud' },
  'no-pictures': { zh: '无可对照的前后影像', en: 'there is no pair of images to compare with' },
  'images-gone': { zh: '对照影像缺失或被改动', en: 'an image it is compared with is missing or was changed' },
  unclear: { zh: '影像不足以判断', en: 'the image does not tell' },
  'stays-built': { zh: '补办或没收，可保留', en: 'regularised or confiscated' },
} as const satisfies Record<string, Label>;

export type WatchReason = keyof typeof watchReasons;

export interface Verdict {
  verdict: VerdictName;
  reason: WatchReason;
}

/** `restoredBefore`: an earlier look since the claim, or a confirmation, had it restored. */
export function verdictOf(
  seen: Restoration,
  claim: Claim,
  restoredBefore: boolean,
  rules: WatchRules = watchRules,
): Verdict {
  if (claim.kind === 'stays') return { verdict: 'not-required', reason: 'stays-built' };
  if (seen.observed === 0) return { verdict: 'no-clear-look', reason: 'no-image' };
  if (seen.observed < rules.leastObserved) return { verdict: 'no-clear-look', reason: 'partly-seen' };
  const { dueShare } = claim;
  const mayStay = 1 - dueShare;
  const hidden = seen.contrast !== null && seen.contrast < rules.leastContrast;
  const restored = isRestored(seen, dueShare, rules);
  // Ground like the fields is no proof where the fields look as the building site did.
  if (restored)
    return hidden ? { verdict: 'not-sure', reason: 'season-hides-it' } : { verdict: 'restored', reason: 'fields' };
  // Whatever was not seen counts as put back.
  const surelyBuilt = Math.max(0, seen.built * seen.observed - mayStay) / dueShare;
  const sure = surelyBuilt >= rules.built.least && seen.unclear <= rules.built.mostUnclear;
  if (!sure) return { verdict: 'not-sure', reason: hidden ? 'season-hides-it' : whyNotSure(seen, rules) };
  if (claim.kind === 'unsaid') return { verdict: 'not-sure', reason: 'remedy-unsaid' };
  if (hidden || seen.contrast === null) return { verdict: 'not-sure', reason: 'season-hides-it' };
  return { verdict: restoredBefore ? 'rebuilt' : 'still-built', reason: 'as-changed' };
}

function isRestored({ restored, built }: Restoration, dueShare: number, { restored: rule }: WatchRules): boolean {
  const excess = Math.max(0, built - (1 - dueShare));
  return restored >= rule.least * dueShare && excess <= rule.mostBuilt * dueShare;
}

function whyNotSure({ built, cleared, unclear }: Restoration, rules: WatchRules): WatchReason {
  if (unclear > rules.built.mostUnclear) return 'unclear';
  if (built > rules.restored.mostBuilt) return 'partly';
  return cleared > rules.restored.mostBuilt ? 'cleared-no-field' : 'unclear';
}

/** A step the product takes on a verdict. */
export type WatchStep =
  | { action: 'confirm-restored' }
  | { action: 'reopen'; reason: 'relapse' | 'false-rectification' };

/**
 * What follows from a month's verdict.
 * @param earlier verdicts of the months before on the same claim, oldest first
 */
export function stepAfter(
  state: string,
  verdict: VerdictName,
  earlier: readonly VerdictName[],
  rules: WatchRules = watchRules,
): WatchStep | null {
  if (verdict === 'still-built') return { action: 'reopen', reason: 'false-rectification' };
  if (verdict === 'rebuilt') return { action: 'reopen', reason: 'relapse' };
  if (verdict !== 'restored' || state !== 'resolved') return null;
  const looks = 1 + earlier.filter((one) => one === 'restored').length;
  return looks >= rules.looksToConfirm ? { action: 'confirm-restored' } : null;
}

/** Whether the patch need be looked at no more. @param since verdicts since it was confirmed as restored */
export function isWatchedOut(state: string, since: readonly VerdictName[], rules: WatchRules = watchRules): boolean {
  if (since.includes('not-required')) return true;
  return state === 'restored' && since.filter((one) => one === 'restored').length >= rules.looksAfterConfirmed;
}
