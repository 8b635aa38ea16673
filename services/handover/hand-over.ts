import { sceneHash } from '../../imagery/file-hash.ts';
import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { ServiceError } from '../error.ts';
import { deadline } from '../lifecycle/deadline.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { findCase } from '../store/cases.ts';
import { handOverSteps, insertHandOverStep, insertPaper, listPackages, type PackageRow } from '../store/handovers.ts';
import type { Store } from '../store/open.ts';
import { keepPaper, type PaperFile } from './kept-papers.ts';
import { receiverNamed } from './receivers.ts';

export interface Sent {
  packageId: string;
  receiver: string;
  /** Until when the receipt should be here, UTC. */
  dueAt: string;
  caseVersion: number;
}

/**
 * Notes that a package has gone out: the case's step names its hash, both or neither.
 * @throws ServiceError bad-input where the file is none that was prepared for the case, or went out before;
 * illegal-transition where the case is not filed
 */
export async function sendHandOver(
  store: Store,
  caseId: string,
  path: string,
  { actor, at }: { actor: string; at: Date },
): Promise<Sent> {
  const sha256 = await sceneHash(path, { anew: true });
  const found = (await listPackages(store.db, { caseId })).find((one) => one.sha256 === sha256);
  if (found === undefined) {
    const what = `${path}: wanted a package that was prepared for the case ${caseId}`;
    throw new ServiceError(
      'bad-input',
      `${what}; none has its sha256 ${sha256.slice(0, 16)}…: it is another, or was changed.`,
    );
  }
  const { calendar } = await workspaceDeadlines(store.db);
  const dueAt = deadline(receiverNamed(found.receiver).receiptWithin, at, calendar).dueAt.toISOString();
  const payload = { receiver: found.receiver, evidence: [found.id], package: sha256, receiptDueAt: dueAt };
  return store.db.transaction().execute(async (trx) => {
    const [before] = await handOverSteps(trx, [found.id]);
    if (before) throw new ServiceError('bad-input', `${path}: was handed over before, at ${before.at}.`);
    const moved = await transitionIn(trx, { subject: 'case', id: caseId, action: 'hand-over', actor, at, payload });
    const caseVersion = moved.version;
    const step = { packageId: found.id, step: 'sent' as const, at: at.toISOString(), actor, caseVersion, dueAt };
    await insertHandOverStep(trx, { ...step, paperId: null, number: null, date: null });
    return { packageId: found.id, receiver: found.receiver, dueAt, caseVersion };
  });
}

export interface ReceiptGiven {
  caseId: string;
  /** Which hand-over it answers; may be left out where one alone waits. */
  receiver?: string | undefined;
  file: PaperFile;
  /** As the receiver numbers it, and the day it bears. */
  number: string;
  date: string;
  actor: string;
  at: Date;
}

/** Keeps a receipt and closes the hand-over that it answers. @throws ServiceError not-found; bad-input */
export async function recordReceipt(
  store: Store,
  home: string,
  given: ReceiptGiven,
): Promise<{ packageId: string; paperId: string; receiver: string }> {
  const { caseId, file, number, date, actor, at } = given;
  const found = await findCase(store.db, caseId);
  if (found === null) throw new ServiceError('not-found', `There is no case ${caseId}.`);
  const waiting = await waitingPackage(store, given);
  const { receiver } = waiting;
  const about = { subject: 'case', subjectId: caseId, district: found.district, kind: 'receipt', fact: null } as const;
  const fromName = receiverNamed(receiver).zh;
  const row = await keepPaper(home, file, { ...about, fromName, note: `${number} ${date}`, actor, at });
  const payload = { receiver, evidence: [row.id], number, date, package: waiting.id };
  await store.db.transaction().execute(async (trx) => {
    await insertPaper(trx, row);
    const moved = await transitionIn(trx, {
      subject: 'case',
      id: caseId,
      action: 'record-receipt',
      actor,
      at,
      payload,
    });
    const step = { packageId: waiting.id, step: 'receipt' as const, at: at.toISOString(), actor, dueAt: null };
    await insertHandOverStep(trx, { ...step, caseVersion: moved.version, paperId: row.id, number, date });
  });
  return { packageId: waiting.id, paperId: row.id, receiver };
}

async function waitingPackage(store: Store, { caseId, receiver }: ReceiptGiven): Promise<PackageRow> {
  const packages = await listPackages(store.db, { caseId });
  const steps = await handOverSteps(
    store.db,
    packages.map(({ id }) => id),
  );
  const stepsOf = (id: string) => steps.filter(({ packageId }) => packageId === id).map(({ step }) => step);
  const waiting = packages.filter(({ id }) => stepsOf(id).includes('sent') && !stepsOf(id).includes('receipt'));
  const meant = waiting.filter((one) => receiver === undefined || one.receiver === receiver);
  if (meant.length === 1) return meant[0];
  const names = waiting.map((one) => one.receiver).join(', ') || 'none';
  const wanted = 'wanted one hand-over that waits for a receipt (name it with --from)';
  throw new ServiceError('bad-input', `The case ${caseId}: ${wanted}; waiting: ${names}.`);
}
