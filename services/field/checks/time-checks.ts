import { localDay } from '../../local-time.ts';
import { type CheckResult, cannotBeTold, type Outcome, result } from './check-result.ts';
import { checkLimits } from './limits.ts';
import type { Sight } from './sight.ts';

const noTime = ['照片和读数都没有拍摄时间', 'neither file nor sensors give a time'] as const;
const minuteMs = 60_000;

/**
 * Was it taken for this task? One that is dated after it came in here has a wrong clock, and tells nothing.
 * @param issuedAt UTC; null where the task was not issued
 */
export function checkAfterIssue(sight: Sight, issuedAt: string | null, addedAt: string): CheckResult {
  const lack = lacking('after-issue', sight, addedAt);
  if (lack !== null) return lack;
  if (issuedAt === null) return cannotBeTold('after-issue', ['任务尚未下发', 'the task was not issued yet']);
  const at = sight.at as string;
  const outcome: Outcome = at >= issuedAt ? 'passed' : 'failed';
  const [zhOrder, enOrder] = outcome === 'passed' ? ['晚于', 'after'] : ['早于', 'before'];
  const zh = `拍摄 ${shown(sight)}，${zhOrder}下发 ${local(issuedAt)}`;
  const en = `taken ${shown(sight, true)}, ${enOrder} the task was issued ${local(issuedAt)}`;
  return result('after-issue', outcome, [zh, en], { takenAt: at, issuedAt, offsetAssumed: sight.offsetAssumed });
}

/**
 * Does it show the ground after what the image showed? On the very day nobody knows which came first.
 * @param imageDate local day of the later image, YYYY-MM-DD
 */
export function checkAfterImage(sight: Sight, imageDate: string, addedAt: string): CheckResult {
  const lack = lacking('after-image', sight, addedAt);
  if (lack !== null) return lack;
  const at = sight.at as string;
  const day = localDay(at);
  const outcome = day > imageDate ? 'passed' : day < imageDate ? 'failed' : 'cannot-be-told';
  const order = {
    passed: ['晚于', 'after'],
    failed: ['早于', 'before'],
    'cannot-be-told': ['与之同日', 'on the day of'],
  };
  const [zhOrder, enOrder] = order[outcome];
  const zh = `拍摄 ${shown(sight)}，${zhOrder}后时相 ${imageDate}`;
  const en = `taken ${shown(sight, true)}, ${enOrder} the later image ${imageDate}`;
  return result('after-image', outcome, [zh, en], { takenAt: at, imageDate, offsetAssumed: sight.offsetAssumed });
}

function lacking(check: 'after-issue' | 'after-image', sight: Sight, addedAt: string): CheckResult | null {
  if (sight.at === null) return cannotBeTold(check, noTime);
  if (Date.parse(sight.at) <= Date.parse(addedAt) + checkLimits.clockAheadMinutes * minuteMs) return null;
  const zh = `拍摄时间 ${shown(sight)} 晚于上传时间 ${local(addedAt)}：时钟不准`;
  const en = `dated ${shown(sight, true)}, after it came in ${local(addedAt)}: the clock was wrong`;
  return result(check, 'failed', [zh, en], { takenAt: sight.at, addedAt });
}

function shown({ at, offsetAssumed }: Sight, english = false): string {
  const assumed = english ? ' (no offset given: taken for Beijing time)' : '（未注明时区，按北京时间）';
  return `${local(at as string)}${offsetAssumed ? assumed : ''}`;
}

/** As a clock in Asia/Shanghai shows it. */
function local(at: string): string {
  const shifted = new Date(Date.parse(at) + 480 * minuteMs).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 16)}`;
}
