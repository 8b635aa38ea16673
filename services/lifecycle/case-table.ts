import { calendarDays, months, workingDays } from './deadline.ts';
import { extensionSteps } from './extension-steps.ts';
import { assignSteps } from './people-steps.ts';
import { type State, state, step, type Transition, who } from './transition-row.ts';

/**
 * The life of a case (案件), from clue to closed. 结案 closes the case and clears no patch. A hand-over
 * (移交) runs beside the case and is counted apart, so it is a step but no state: the package goes out,
 * the receipt comes back, while the case goes on.
 */

export const CASE_STATES: readonly State[] = [
  state('clue', '线索', 'Clue', 'find'),
  state('not-filed', '不予立案', 'Not filed', 'find', 'dismissed'),
  state('filed', '已立案', 'Filed', 'warn'),
  state('decided', '已作处罚决定', 'Decided', 'resolve'),
  state('reminded', '已催告', 'Reminded', 'resolve'),
  state('court-enforcement', '申请强制执行', 'Court enforcement', 'resolve'),
  state('performed', '已履行', 'Performed', 'resolve'),
  state('closed', '已结案', 'Closed', 'resolve', 'resolved'),
];

const handler = who('county', 'handler');
const countyReviewer = who('county', 'reviewer');
const cityReviewer = who('city', 'reviewer');

const OPEN = CASE_STATES.filter(({ outcome }) => outcome === 'open').map(({ name }) => name);
/** From filing on there is something to hand over, also after the case is closed. */
const FILED = ['filed', 'decided', 'reminded', 'court-enforcement', 'performed', 'closed'];

const MAIN: readonly Transition[] = [
  step('open', ['登记线索', 'Open'], [], 'clue', { due: workingDays(10), who: handler }),
  step('decline', ['不予立案', 'Do not file'], ['clue'], 'not-filed', {
    due: 'none',
    who: countyReviewer,
    needs: ['reason'],
    reasons: 'not-filing',
  }),
  // Administrative Penalty Law §60: the decision within 90 days of filing.
  step('file', ['立案', 'File'], ['clue'], 'filed', {
    due: calendarDays(90),
    who: countyReviewer,
    needs: ['level'],
  }),
  step('file-directly', ['直接立案', 'File directly by a higher level'], ['clue'], 'filed', {
    due: calendarDays(90),
    who: cityReviewer,
    needs: ['level', 'note'],
  }),
  step('raise-level', ['提级办理', 'Raise to a higher level'], ['filed'], null, {
    due: 'keep',
    who: cityReviewer,
    needs: ['level', 'note'],
  }),
  // Six months: the time in which the decision may be taken to court.
  step('decide', ['处罚决定', 'Decide on the penalty'], ['filed'], 'decided', {
    due: months(6),
    who: countyReviewer,
    needs: ['evidence'],
  }),
  // Administrative Compulsion Law §54: enforcement may be asked for ten days after the reminder.
  step('remind', ['催告', 'Remind'], ['decided'], 'reminded', {
    due: calendarDays(10),
    who: handler,
    needs: ['evidence'],
  }),
  // 裁执分离: the court rules, the government carries out.
  step('apply-for-enforcement', ['申请强制执行', 'Apply for court enforcement'], ['reminded'], 'court-enforcement', {
    due: months(3),
    who: countyReviewer,
    needs: ['evidence'],
  }),
  step('perform', ['履行完毕', 'Performed'], ['decided', 'reminded', 'court-enforcement'], 'performed', {
    due: workingDays(10),
    who: handler,
    needs: ['evidence'],
  }),
  step('close', ['结案', 'Close'], ['performed', 'court-enforcement'], 'closed', { due: 'none', who: countyReviewer }),
  step('close-without-penalty', ['不予处罚结案', 'Close without penalty'], ['filed'], 'closed', {
    due: 'none',
    who: countyReviewer,
    needs: ['reason', 'note'],
    reasons: 'no-penalty',
  }),
];

const BESIDE: readonly Transition[] = [
  step('hand-over', ['移交', 'Hand over'], FILED, null, {
    due: 'keep',
    who: countyReviewer,
    needs: ['receiver', 'evidence'],
  }),
  step('record-receipt', ['收到回执', 'Record the receipt'], FILED, null, {
    due: 'keep',
    who: handler,
    needs: ['receiver', 'evidence'],
  }),
  ...assignSteps(OPEN),
  ...extensionSteps(OPEN),
  step('pause', ['中止计时', 'Pause'], OPEN, null, { due: 'pause', who: cityReviewer, needs: ['note'], paused: false }),
  step('resume', ['恢复计时', 'Resume'], OPEN, null, { due: 'resume', who: cityReviewer, paused: true }),
];

export const CASE_TRANSITIONS: readonly Transition[] = [...MAIN, ...BESIDE];
