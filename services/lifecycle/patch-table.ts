import { calendarDays, months, workingDays } from './deadline.ts';
import { extensionSteps } from './extension-steps.ts';
import { assignSteps, occupierSteps } from './people-steps.ts';
import { type Authority, type State, state, step, type Transition, who } from './transition-row.ts';

/**
 * The life of a patch (图斑), from found to cleared. 销号 (resolved) is the patch's end; 结案 (a case
 * closed) is the case's. Day counts are the usual provincial ones; a rule set will be able to replace
 * them. Splitting and merging make new patches and are no step of one patch: lineage-steps.ts.
 */

export const PATCH_STATES: readonly State[] = [
  state('found', '已发现', 'Found', 'find'),
  state('dismissed', '已排除', 'Dismissed', 'find', 'dismissed'),

  state('warned', '已预警', 'Warned', 'warn'),
  state('acknowledged', '已签收', 'Acknowledged', 'warn'),
  state('verified', '已核查', 'Verified on site', 'warn'),
  state('in-doubt', '存疑', 'In doubt', 'warn'),
  state('false-change', '核查为伪变化', 'Verified as false change', 'warn', 'dismissed'),
  state('referred', '已转办', 'Referred to another department', 'warn'),
  state('with-department', '部门办理中', 'With another department', 'warn'),
  state('judged', '已判定', 'Judged', 'warn'),
  state('county-review', '县级审核', 'County review', 'warn'),
  state('city-review', '市级审核', 'City review', 'warn'),
  state('province-review', '省级审核', 'Province review', 'warn'),
  state('returned', '已打回', 'Returned', 'warn'),

  state('reviewed', '审核通过', 'Review passed', 'resolve'),
  state('closed', '审核结束', 'Closed as no breach', 'resolve', 'resolved'),
  state('rectifying-before-filing', '立案前整改', 'Rectifying before filing', 'resolve'),
  state('in-case', '已入案', 'In a case', 'resolve'),
  state('rectifying', '整改中', 'Rectifying', 'resolve'),
  state('closure-review', '销号审核', 'Closure review', 'resolve'),
  state('closure-returned', '销号打回', 'Closure returned', 'resolve'),
  state('resolved', '已销号', 'Resolved', 'resolve', 'resolved'),
  state('restored', '复核已恢复', 'Confirmed restored', 'resolve', 'resolved'),
  state('reopened', '已重开', 'Reopened', 'resolve'),

  // Other patches stand for these: they are counted nowhere, and listed only where they are asked for by name.
  state('split', '已拆分', 'Split into pieces', 'resolve', 'replaced'),
  state('merged', '已合并', 'Merged into another', 'resolve', 'replaced'),
  state('withdrawn', '已撤回', 'Withdrawn with the split or merge it came from', 'resolve', 'replaced'),
];

/** The states in which something is still to be done; each has a due date. */
const OPEN = PATCH_STATES.filter(({ outcome }) => outcome === 'open').map(({ name }) => name);

/** Where a breach is being put right, and whence its closure is asked for. */
const BEING_RECTIFIED = ['rectifying-before-filing', 'rectifying', 'closure-returned'];

const system = who('county', 'system');
const field = who('town', 'field');
const handler = who('county', 'handler');
const countyReviewer = who('county', 'reviewer');
const cityHandler = who('city', 'handler');
const cityReviewer = who('city', 'reviewer');
const provinceReviewer = who('province', 'reviewer');

const FIND: readonly Transition[] = [
  step('find', ['发现', 'Find'], [], 'found', { due: workingDays(5), who: system }),
  step('dismiss', ['排除', 'Dismiss'], ['found'], 'dismissed', {
    due: 'none',
    who: cityHandler,
    needs: ['reason'],
    reasons: 'dismissal',
  }),
  step('reinstate', ['恢复', 'Reinstate'], ['dismissed', 'false-change', 'closed'], 'found', {
    due: workingDays(5),
    who: cityReviewer,
    needs: ['reason', 'note'],
    reasons: 'reinstatement',
  }),
];

const WARN: readonly Transition[] = [
  // The note is the opinion: a county is handed a task, not a problem.
  step('warn', ['下发任务', 'Warn'], ['found'], 'warned', { due: workingDays(3), who: cityHandler, needs: ['note'] }),
  step('refuse', ['拒收', 'Refuse the task'], ['warned'], 'found', {
    due: workingDays(3),
    who: handler,
    needs: ['reason'],
    reasons: 'refusal',
  }),
  step('acknowledge', ['签收', 'Acknowledge'], ['warned'], 'acknowledged', { due: workingDays(10), who: handler }),
  step('verify', ['实地核查', 'Verify on site'], ['acknowledged', 'reopened'], 'verified', {
    due: workingDays(5),
    who: field,
    needs: ['evidence'],
    asks: ['stopped'],
  }),
  step('doubt', ['存疑', 'Ask for more evidence'], ['verified'], 'in-doubt', {
    due: workingDays(10),
    who: handler,
    needs: ['note'],
  }),
  step('add-evidence', ['补充举证', 'Add evidence'], ['in-doubt', 'returned'], 'verified', {
    due: workingDays(5),
    who: field,
    needs: ['evidence'],
  }),
  step('close-false-change', ['核查为伪变化', 'Close as false change'], ['verified'], 'false-change', {
    due: 'none',
    who: countyReviewer,
    needs: ['reason', 'evidence'],
    reasons: 'dismissal',
  }),
  step('refer', ['转办', 'Refer to another department'], ['verified'], 'referred', {
    due: workingDays(5),
    who: handler,
    needs: ['department', 'note'],
  }),
  step('accept', ['部门接收', 'Accept the referral'], ['referred'], 'with-department', {
    due: calendarDays(30),
    who: handler,
  }),
  step('refuse', ['部门拒收', 'Refuse the referral'], ['referred'], 'verified', {
    due: workingDays(5),
    who: handler,
    needs: ['reason'],
    reasons: 'refusal',
  }),
  step('report-back', ['部门反馈', 'Report back'], ['with-department'], 'judged', {
    due: workingDays(3),
    who: handler,
    needs: ['judgement', 'evidence'],
    asks: ['violationM2', 'occupier'],
  }),
];

const REVIEW: readonly Transition[] = [
  step('judge', ['判定', 'Judge'], ['verified', 'returned'], 'judged', {
    due: workingDays(3),
    who: handler,
    needs: ['judgement'],
    asks: ['violationM2', 'occupier'],
  }),
  // A late document is a new fact: judged again, reviewed again, even while it is being put right.
  step('rejudge', ['重新判定', 'Judge again'], ['reviewed', 'in-case', ...BEING_RECTIFIED], 'judged', {
    due: workingDays(3),
    who: countyReviewer,
    needs: ['judgement', 'evidence'],
    asks: ['violationM2', 'occupier'],
  }),
  step('submit', ['报审', 'Submit for review'], ['judged'], 'county-review', { due: workingDays(5), who: handler }),
  step('approve', ['县级通过', 'Approve, county'], ['county-review'], 'city-review', {
    due: workingDays(5),
    who: countyReviewer,
  }),
  step('approve', ['市级通过', 'Approve, city'], ['city-review'], 'province-review', {
    due: workingDays(10),
    who: cityReviewer,
  }),
  step('approve', ['省级通过', 'Approve, province'], ['province-review'], 'reviewed', {
    due: workingDays(10),
    who: provinceReviewer,
  }),
  returnFrom('county-review', ['县级打回', 'Return, county'], countyReviewer),
  returnFrom('city-review', ['市级打回', 'Return, city'], cityReviewer),
  returnFrom('province-review', ['省级打回', 'Return, province'], provinceReviewer),
];

const RESOLVE: readonly Transition[] = [
  step('close', ['审核结束', 'Close'], ['reviewed'], 'closed', { due: 'none', who: handler, judgedTo: 'close' }),
  step('rectify-before-filing', ['立案前整改', 'Rectify before filing'], ['reviewed'], 'rectifying-before-filing', {
    due: months(1),
    who: handler,
    judgedTo: 'rectify',
  }),
  step(
    'put-in-case',
    ['入案', 'Put in a case'],
    ['reviewed', 'rectifying-before-filing', 'closure-returned', 'reopened'],
    'in-case',
    {
      due: workingDays(15),
      who: handler,
      needs: ['caseId'],
      judgedTo: 'rectify',
    },
  ),
  step('leave-case', ['退出案件', 'Take out of the case'], ['in-case'], 'reviewed', {
    due: workingDays(10),
    who: countyReviewer,
    needs: ['reason'],
    reasons: 'leaving-case',
  }),
  step('start-rectifying', ['开始整改', 'Start rectifying'], ['in-case', 'reopened'], 'rectifying', {
    due: months(1),
    who: handler,
    judgedTo: 'rectify',
  }),
  // 分解到月: each month's progress moves the date to the next month's.
  step('report-milestone', ['报送月度进展', 'Report the month’s progress'], ['rectifying'], 'rectifying', {
    due: months(1),
    who: handler,
    needs: ['note'],
  }),
  step('submit-closure', ['申请销号', 'Submit for closure'], BEING_RECTIFIED, 'closure-review', {
    due: workingDays(10),
    who: handler,
    needs: ['evidence', 'remedy'],
    asks: ['restoredM2'],
  }),
  step('return-closure', ['销号打回', 'Return the closure'], ['closure-review'], 'closure-returned', {
    due: workingDays(15),
    who: cityReviewer,
    needs: ['reason'],
    reasons: 'closure-return',
  }),
  step('resolve', ['销号', 'Resolve'], ['closure-review'], 'resolved', {
    due: 'none',
    who: cityReviewer,
    needs: ['cause'],
  }),
  // Watch after closing: the images of the following months confirm it or open it again.
  step('confirm-restored', ['确认恢复', 'Confirm as restored'], ['resolved'], 'restored', {
    due: 'none',
    who: system,
    needs: ['evidence'],
  }),
  step('reopen', ['重开', 'Reopen'], ['resolved', 'restored'], 'reopened', {
    due: workingDays(5),
    who: cityReviewer,
    needs: ['reason', 'evidence'],
    reasons: 'reopening',
  }),
];

/** Late truth: an image that an open patch rests on was withdrawn or replaced; people go on with it, knowing that. */
const EVIDENCE: readonly Transition[] = [
  step('evidence-changed', ['影像证据变更', 'Its imagery changed'], OPEN, null, {
    due: 'keep',
    who: system,
    needs: ['note', 'evidence'],
  }),
  // The zone of a project for which it was issued stands otherwise now; whether that ends the matter a person says.
  step('project-changed', ['项目状态变化', 'Its project stands otherwise'], OPEN, null, {
    due: 'keep',
    who: system,
    needs: ['note'],
  }),
];

/** What somebody found on site, put on record whatever has become of the patch since; state and clock stay. */
const FIELD: readonly Transition[] = [
  step(
    'field-report',
    ['外业记录', 'Report from the field'],
    PATCH_STATES.map(({ name }) => name),
    null,
    {
      due: 'keep',
      who: field,
      needs: ['note'],
    },
  ),
];

/** Steps about the clock: the state stays. 督办 supervision, then 约谈 interview, where it is late. */
const CLOCK: readonly Transition[] = [
  ...assignSteps(OPEN),
  ...occupierSteps(PATCH_STATES.map(({ name }) => name)),
  ...extensionSteps(OPEN),
  step('pause', ['中止计时', 'Pause'], OPEN, null, { due: 'pause', who: cityReviewer, needs: ['note'], paused: false }),
  step('resume', ['恢复计时', 'Resume'], OPEN, null, { due: 'resume', who: cityReviewer, paused: true }),
  // What is to be remembered of it, by whoever works on it; nothing moves.
  step('note', ['备注', 'Note'], OPEN, null, { due: 'keep', who: field, needs: ['note'] }),
  step('supervise', ['督办', 'Supervise'], OPEN, null, { due: 'keep', who: cityHandler, needs: ['note'] }),
  step('interview', ['约谈', 'Interview the responsible'], OPEN, null, {
    due: 'keep',
    who: cityReviewer,
    needs: ['note'],
  }),
];

export const PATCH_TRANSITIONS: readonly Transition[] = [
  ...FIND,
  ...WARN,
  ...REVIEW,
  ...RESOLVE,
  ...EVIDENCE,
  ...FIELD,
  ...CLOCK,
];

function returnFrom(review: string, names: readonly [string, string], reviewer: Authority): Transition {
  return step('return', names, [review], 'returned', {
    due: workingDays(5),
    who: reviewer,
    needs: ['reason'],
    reasons: 'return',
  });
}
