import type { Kysely } from 'kysely';
import { setAnchor } from '../audit/set-anchor.ts';
import { canonicalJson } from '../canonical-json.ts';
import { ServiceError } from '../error.ts';
import { closingReports } from '../reports/closing.ts';
import { sha256Of } from '../sha256.ts';
import { addClosedMonth, closedMonth, closedMonthNames, monthSteps, monthTasks } from '../store/cycle-months.ts';
import { allPieces, patchesById, runsOfMonth } from '../store/cycle-rows.ts';
import { withLock } from '../store/locks.ts';
import { readMeta } from '../store/meta.ts';
import { coverageOfMonth, districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import type { Database } from '../store/schema.ts';
import { carryOver } from './carry-over.ts';
import { type ClosedMonth, checked, findClosed } from './closed.ts';
import { countyReturns } from './county-return.ts';
import { Families } from './families.ts';
import { figureSet } from './figure-set.ts';
import { openRound } from './issue.ts';
import { dispatchMeetings, weeklyNotices } from './notices.ts';
import { CYCLE_LOCK, checkDoing, type Doing, type OpenedMonth, requireOpen } from './open.ts';
import { type MonthRows, type OpenElsewhere, readMonthRows } from './read-rows.ts';
import type { MonthRecord, RecordedTask } from './record.ts';
import { recordText } from './record-text.ts';

/**
 * Draws up the month's figures from one state of the store and keeps them for ever. Closed again, it is left as it is.
 * @throws ServiceError bad-input: it is not open, no tasks have been sent, or sending them was cut short; busy
 */
export async function closeMonth(store: Store, doing: Doing): Promise<ClosedMonth> {
  checkDoing(doing);
  const { month, actor, at } = doing;
  return withLock(store.db, CYCLE_LOCK, at, () =>
    store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        const known = await closedMonth(trx, month);
        if (known) return { ...checked(known), isNew: false };
        const opening = await requireOpen(trx, month, 'it is closed');
        await requireIssued(trx, month);
        const record = await drawUp(trx, opening, doing);
        const [json, text] = [canonicalJson(record), recordText(record)];
        const [sha256, textSha256] = [sha256Of(json), sha256Of(text)];
        const stamp = { closedAt: record.closedAt, closedBy: actor };
        await addClosedMonth(trx, { month, ...stamp, json, sha256, text, textSha256 });
        return { record, sha256, textSha256, isNew: true };
      }),
  );
}

async function requireIssued(trx: Kysely<Database>, month: string): Promise<void> {
  const cutShort = await openRound(trx, month);
  if (cutShort !== null) {
    const remedy = `send the rest first: tuban month issue ${month}`;
    throw new ServiceError(
      'bad-input',
      `Month ${month} is closed once its tasks are sent; sending was cut short: ${remedy}.`,
    );
  }
  if ((await monthSteps(trx, month)).some(({ step }) => step === 'end-issue')) return;
  const remedy = `tuban month issue ${month}`;
  throw new ServiceError('bad-input', `Month ${month} is closed once its tasks are sent; none have been: ${remedy}.`);
}

async function drawUp(trx: Kysely<Database>, opened: OpenedMonth, { month, actor, at }: Doing): Promise<MonthRecord> {
  const read = await readMonthRows(trx, month, at);
  const { rows, events } = read;
  const { openedAt, openedBy, runs, patches, forced } = opened;
  const from = new Date(openedAt);
  const names = await districtNames(trx);
  const figures = figureSet(rows);
  return {
    edition: 'month-1',
    ...{ month, openedAt, openedBy, closedAt: at.toISOString(), closedBy: actor },
    opening: { runs, patches, forced },
    runs: await runsOfMonth(trx, month),
    log: await setAnchor({ db: trx }, at),
    simulated: (await readMeta(trx, 'simulated')) === '1',
    names: Object.fromEntries(figures.districts.map(({ district }) => [district, names.get(district) ?? ''])),
    observed: await observedOf(trx, month, figures),
    figures,
    carry: await carried(trx, month, read),
    tasks: await recordedTasks(trx, month),
    returns: countyReturns(rows, names, month),
    notices: weeklyNotices(rows, events, from, at),
    meetings: dispatchMeetings(rows, events, from, at),
    rows,
    reports: await closingReports(trx, month, at),
  };
}

async function observedOf(trx: Kysely<Database>, month: string, { districts }: MonthRecord['figures']) {
  const breach = new Map(districts.map(({ district, figures }) => [district, figures.violations.areaM2]));
  return (await coverageOfMonth(trx, month, '')).map(({ district, totalM2, observedM2 }) => ({
    ...{ district, totalM2, observedM2 },
    violationShare: observedM2 === 0 ? null : (breach.get(district) ?? 0) / observedM2,
  }));
}

/** Against what the month closed last before this one carried on. */
async function carried(trx: Kysely<Database>, month: string, { rows, earlier }: MonthRows) {
  const before = (await closedMonthNames(trx)).filter((name) => name < month).at(-1);
  const carriedIn: OpenElsewhere[] = before === undefined ? [] : (await findClosed(trx, before))!.record.carry.out;
  const families = new Families(await allPieces(trx));
  return carryOver(carriedIn, rows, earlier, (patchId) => families.isReplaced(patchId));
}

async function recordedTasks(trx: Kysely<Database>, month: string): Promise<RecordedTask[]> {
  const tasks = await monthTasks(trx, month);
  const ids = tasks.map(({ patchId }) => patchId);
  const numbers = new Map((await patchesById(trx, ids)).map(({ id, number }) => [id, number]));
  return tasks.map(({ number, patchId, district, kind, round, dueAt, issuedAt, issuedBy, evidenceJson }) => ({
    ...{ number, patch: numbers.get(patchId) as string, district, kind, round, dueAt, issuedAt, issuedBy },
    evidence: JSON.parse(evidenceJson) as unknown,
  }));
}
