import { setAnchor } from '../audit/set-anchor.ts';
import { canonicalJson } from '../canonical-json.ts';
import { ServiceError } from '../error.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import {
  addMonthStep,
  addMonthTask,
  closedMonth,
  closedMonthNames,
  highestTask,
  monthSteps,
  monthTasks,
} from '../store/cycle-months.ts';
import { allPieces, sendablePatches } from '../store/cycle-rows.ts';
import { findDetection } from '../store/detections.ts';
import { withLock } from '../store/locks.ts';
import type { Store } from '../store/open.ts';
import { latestOpinion } from '../store/opinions.ts';
import { findPatch } from '../store/patches.ts';
import { Families } from './families.ts';
import { CYCLE_LOCK, checkDoing, type Doing, requireOpen } from './open.ts';
import { evidenceReference, officeOf, taskKind, taskNote, taskNumber } from './task.ts';

/** One round of tasks as it was planned: fixed before the first is sent, so that a round cut short goes on as it was. */
export interface IssuePlan {
  tasks: PlannedTask[];
}

interface PlannedTask {
  number: string;
  office: string;
  seq: number;
  patchId: string;
  /** Version at which it was to be sent; a patch that somebody moved first is left to the next round. */
  version: number;
}

export interface IssueResult {
  month: string;
  /** Rounds that this call sent: one that had been cut short, and its own. */
  rounds: number[];
  sent: number;
  inDoubt: number;
  /** Planned, but moved by somebody before they were sent. */
  skipped: number;
  byOffice: Record<string, number>;
}

/**
 * Sends the month's found patches down as numbered tasks, each warned with the opinion as note, and those that closed
 * months left found. Tasks go out office by office, each office's all or none; killed in between and called again,
 * the round goes on with the same numbers and times. Called with nothing left to send, it changes nothing.
 * @throws ServiceError bad-input: the month is not open, or closed; busy
 */
export async function issueMonth(store: Store, doing: Doing): Promise<IssueResult> {
  checkDoing(doing);
  return withLock(store.db, CYCLE_LOCK, doing.at, async () => {
    await requireOpen(store.db, doing.month, 'its tasks are sent');
    if (await closedMonth(store.db, doing.month)) {
      throw new ServiceError(
        'bad-input',
        `Month ${doing.month} is closed; its tasks go out with a month that is open.`,
      );
    }
    const result: IssueResult = { month: doing.month, rounds: [], sent: 0, inDoubt: 0, skipped: 0, byOffice: {} };
    const cutShort = await openRound(store.db, doing.month);
    if (cutShort !== null) await sendRound(store, doing.month, cutShort, result);
    const round = await planRound(store, doing);
    if (round !== null) await sendRound(store, doing.month, round, result);
    return result;
  });
}

/** The round that was planned and not ended, or null. */
export async function openRound(db: Store['db'], month: string): Promise<number | null> {
  const steps = await monthSteps(db, month);
  const ended = new Set(steps.filter(({ step }) => step === 'end-issue').map(({ round }) => round));
  return steps.find(({ step, round }) => step === 'plan-issue' && !ended.has(round))?.round ?? null;
}

/** Writes down what is to be sent; null where there is nothing new (the first round is written in any case). */
async function planRound(store: Store, { month, actor, at }: Doing): Promise<number | null> {
  return store.db.transaction().execute(async (trx) => {
    const families = new Families(await allPieces(trx));
    const closed = new Set(await closedMonthNames(trx));
    const patches = (await sendablePatches(trx, month)).filter(
      (patch) => !families.isReplaced(patch.id) && (patch.month === month || closed.has(patch.month)),
    );
    const round = (await monthSteps(trx, month)).filter(({ step }) => step === 'plan-issue').length + 1;
    if (patches.length === 0 && round > 1) return null;
    const last = new Map<string, number>();
    const tasks: PlannedTask[] = [];
    for (const patch of patches) {
      const office = officeOf(patch);
      const seq = (last.get(office) ?? (await highestPlanned(trx, month, office))) + 1;
      last.set(office, seq);
      tasks.push({ number: taskNumber(office, month, seq), office, seq, patchId: patch.id, version: patch.version });
    }
    const plan: IssuePlan = { tasks };
    const contentJson = canonicalJson(plan);
    await addMonthStep(trx, { month, step: 'plan-issue', round, at: at.toISOString(), actor, contentJson });
    return round;
  });
}

/** Numbers that were planned are never given again, sent or not. */
async function highestPlanned(db: Store['db'], month: string, office: string): Promise<number> {
  const plans = (await monthSteps(db, month)).filter(({ step }) => step === 'plan-issue');
  const planned = plans.flatMap(({ contentJson }) => (JSON.parse(contentJson) as IssuePlan).tasks);
  const own = planned.filter((task) => task.office === office).map(({ seq }) => seq);
  return own.reduce((most, seq) => Math.max(most, seq), await highestTask(db, month, office));
}

async function sendRound(store: Store, month: string, round: number, result: IssueResult): Promise<void> {
  const step = (await monthSteps(store.db, month)).find((row) => row.step === 'plan-issue' && row.round === round)!;
  const { tasks } = JSON.parse(step.contentJson) as IssuePlan;
  for (const own of Map.groupBy(tasks, (task) => task.office).values()) {
    await store.db.transaction().execute(async (trx) => {
      const known = new Set((await monthTasks(trx, month, round)).map(({ number }) => number));
      for (const task of own) {
        if (!known.has(task.number)) await sendTask(trx, task, { month, round, at: step.at, actor: step.actor });
      }
    });
  }
  const sent = await monthTasks(store.db, month, round);
  const skipped = tasks.length - sent.length;
  const contentJson = canonicalJson({ sent: sent.length, skipped });
  await store.db.transaction().execute(async (trx) => {
    await addMonthStep(trx, { month, step: 'end-issue', round, at: step.at, actor: step.actor, contentJson });
    await setAnchor({ db: trx }, new Date(step.at));
  });
  result.rounds.push(round);
  result.sent += sent.length;
  result.inDoubt += sent.filter(({ kind }) => kind === 'in-doubt').length;
  result.skipped += skipped;
  for (const { office } of sent) result.byOffice[office] = (result.byOffice[office] ?? 0) + 1;
}

interface Round {
  month: string;
  round: number;
  at: string;
  actor: string;
}

async function sendTask(trx: Store['db'], planned: PlannedTask, { month, round, at, actor }: Round): Promise<void> {
  const { number, office, seq, patchId, version } = planned;
  const patch = await findPatch(trx, patchId);
  if (!patch || patch.version !== version || patch.state !== 'found') return;
  const opinion = await latestOpinion(trx, patchId);
  const detection = (await findDetection(trx, patch.detectionId))!;
  const moved = await transitionIn(trx, {
    subject: 'patch',
    id: patchId,
    action: 'warn',
    actor,
    payload: { note: taskNote(number, opinion), task: number },
    at: new Date(at),
    expectedVersion: version,
  });
  await addMonthTask(trx, {
    ...{ number, month, office, seq, round, district: patch.district, patchId, patchVersion: moved.version },
    kind: taskKind(opinion),
    opinionId: opinion?.id ?? null,
    evidenceJson: canonicalJson(evidenceReference(detection, opinion)),
    dueAt: moved.dueAt as string,
    issuedAt: at,
    issuedBy: actor,
  });
}
