import { ServiceError } from '../error.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { sha256Of } from '../sha256.ts';
import type { Store } from '../store/open.ts';
import {
  findPaperIssue,
  findPaperNumber,
  findPapers,
  insertPaperIssue,
  keepPaperBytes,
  type PaperRow,
  readPaperBytes,
} from '../store/papers.ts';
import { oneLine } from './clean.ts';
import type { PaperFormat } from './draft.ts';
import { dayText } from './field.ts';
import type { FilledPaper } from './filled.ts';
import type { RecordVersion } from './record.ts';
import { renderPaper } from './render.ts';

export interface IssueAsked {
  /** Of the draft, or its first digits. */
  id: string;
  /** 文号. */
  number: string;
  actor: string;
  at: Date;
  /** What was really sent out, where it was completed by hand or stamped and scanned. */
  handedIn?: { bytes: Uint8Array; format: PaperFormat };
  /** Also takes the step of the lifecycle that the paper belongs to, with each of its patches. */
  takeStep?: boolean;
}

export interface IssuedPaper {
  id: string;
  kind: string;
  number: string;
  format: PaperFormat;
  sha256: string;
  step: { subject: 'patch' | 'case'; action: string } | null;
  /** Whether that step was taken with it. */
  taken: boolean;
  bytes: Uint8Array;
}

/**
 * Makes a draft a paper: under its number, without the mark 草稿, its bytes kept for ever.
 * @throws ServiceError not-found: no such draft; bad-input: issued already, a number that is taken, or blanks left in it;
 * what the step refuses
 */
export async function issuePaper(store: Store, asked: IssueAsked): Promise<IssuedPaper> {
  const number = oneLine(asked.number);
  if (number === '' || number.length > 100) {
    throw new ServiceError('bad-input', `A paper is issued under a number of 1 to 100 letters; got '${number}'.`);
  }
  if (asked.actor.trim() === '') throw new ServiceError('bad-input', 'A paper is issued by a person; got no name.');
  const row = await findPaper(store, asked.id);
  const { at, handedIn } = asked;
  if (handedIn === undefined) checkComplete(row);
  const bytes =
    handedIn?.bytes ?? (await renderPaper(row, await picturesOf(store, row), { number, date: dayText(at), at }));
  const format = handedIn?.format ?? row.format;
  const sha256 = sha256Of(bytes);
  const { step } = JSON.parse(row.filledJson) as FilledPaper;
  if (asked.takeStep && step === null) {
    throw new ServiceError('bad-input', `The paper ${row.id} (${row.kind}) belongs to no step of the lifecycle.`);
  }
  await store.db.transaction().execute(async (trx) => {
    await checkFree(trx, row.id, number);
    await keepPaperBytes(trx, [{ sha256, bytes }]);
    const by = { issuedBy: asked.actor, issuedAt: at.toISOString() };
    await insertPaperIssue(trx, { paperId: row.id, number, format, sha256, handedIn: handedIn ? 1 : 0, ...by });
    if (asked.takeStep && step) await take(trx, row, { ...step, number, sha256, actor: asked.actor, at });
  });
  return { id: row.id, kind: row.kind, number, format, sha256, step, taken: asked.takeStep === true, bytes };
}

/** The file as it was issued; of a draft, as it was drafted. @throws ServiceError not-found; store-unusable where it differs */
export async function reprintPaper(
  store: Store,
  id: string,
): Promise<{ id: string; format: PaperFormat; number: string | null; sha256: string; bytes: Uint8Array }> {
  const row = await findPaper(store, id);
  const issue = await findPaperIssue(store.db, row.id);
  const bytes = issue
    ? await readPaperBytes(store.db, issue.sha256)
    : await renderPaper(row, await picturesOf(store, row), null);
  const { sha256, format } = issue ?? row;
  if (bytes === null || sha256Of(bytes) !== sha256) {
    const got = bytes === null ? 'nothing' : sha256Of(bytes).slice(0, 12);
    throw new ServiceError(
      'store-unusable',
      `The paper ${row.id} was ${sha256.slice(0, 12)}…; printed again it is ${got}.`,
    );
  }
  return { id: row.id, format, number: issue?.number ?? null, sha256, bytes };
}

/** By id or its first digits. @throws ServiceError not-found; bad-input where several begin so */
export async function findPaper(store: Store, id: string): Promise<PaperRow> {
  const found = /^[0-9a-f]{4,64}$/.test(id) ? await findPapers(store.db, id) : [];
  if (found.length === 1) return found[0];
  if (found.length > 1) throw new ServiceError('bad-input', `Several papers begin with ${id}: give more of the id.`);
  throw new ServiceError('not-found', `There is no paper ${id}; wanted its id or the first digits of it (4 or more).`);
}

function checkComplete(row: PaperRow): void {
  const { missing } = JSON.parse(row.filledJson) as FilledPaper;
  if (missing.length === 0) return;
  const names = missing.map(({ field, label }) => `${field}（${label.zh}）`).join(', ');
  const remedy = 'draft it again with these said, or hand in the file that was completed by hand';
  throw new ServiceError('bad-input', `The paper ${row.id} still has blanks: ${names}; ${remedy}.`);
}

async function checkFree(trx: Store['db'], id: string, number: string): Promise<void> {
  const issued = await findPaperIssue(trx, id);
  if (issued) {
    throw new ServiceError(
      'bad-input',
      `The paper ${id} was issued as ${issued.number} by ${issued.issuedBy} at ${issued.issuedAt}.`,
    );
  }
  const taken = await findPaperNumber(trx, number);
  if (taken) throw new ServiceError('bad-input', `The number ${number} is that of the paper ${taken.paperId}.`);
}

async function picturesOf(store: Store, { id, filledJson }: PaperRow): Promise<Map<string, Uint8Array>> {
  const pictures = new Map<string, Uint8Array>();
  for (const block of (JSON.parse(filledJson) as FilledPaper).blocks) {
    if (block.block !== 'pictures') continue;
    for (const { sha256 } of block.rows.flat()) {
      const bytes = await readPaperBytes(store.db, sha256);
      if (bytes === null) throw new ServiceError('store-unusable', `The paper ${id} lacks its picture ${sha256}.`);
      pictures.set(sha256, bytes);
    }
  }
  return pictures;
}

interface Taking {
  subject: 'patch' | 'case';
  action: string;
  number: string;
  sha256: string;
  actor: string;
  at: Date;
}

async function take(
  trx: Store['db'],
  row: PaperRow,
  { subject, action, number, sha256, actor, at }: Taking,
): Promise<void> {
  const version = JSON.parse(row.recordJson) as RecordVersion;
  const ids = subject === 'case' ? (version.case ? [version.case] : []) : version.patches;
  // What it was filled from must still stand: a step on top of what nobody saw would be blind.
  for (const { id, version: expectedVersion } of ids) {
    const payload = { note: number, paper: { id: row.id, sha256 } };
    await transitionIn(trx, { subject, id, action, actor, at, expectedVersion, payload });
  }
}
