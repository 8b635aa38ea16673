import fc from 'fast-check';
import { expect, it } from 'vitest';
import { setAnchor } from '../../../services/audit/set-anchor.ts';
import { type AuditReport, verifyAudit } from '../../../services/audit/verify.ts';
import { openCase } from '../../../services/lifecycle/case-opening.ts';
import { factsOf, project } from '../../../services/lifecycle/projection.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import type { Subject } from '../../../services/lifecycle/transition-row.ts';
import { allowedActions } from '../../../services/lifecycle/transitions.ts';
import type { ChainedEventRow } from '../../../services/store/audit.ts';
import { eventsOf } from '../../../services/store/events.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { completeMove } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { emptyQueue, liftTriggers, logOf, rechained, remove, rewrite } from '../../support/tampering.ts';

const AT = new Date('2025-07-02T01:00:00Z');

/** One step that is possible now, with one of the subjects. */
async function stepOn(store: Store, subjects: readonly [Subject, string][], pick: number, at: Date): Promise<void> {
  const [subject, id] = subjects[pick % subjects.length];
  const before = project(await eventsOf(store.db, subject, id))!;
  const allowed = allowedActions(subject, before.state, factsOf(before));
  const moving = allowed.filter(({ to }) => to !== before.state);
  const possible = moving.length > 0 && pick % 4 > 0 ? moving : allowed;
  if (possible.length === 0) return;
  const { action } = possible[(pick >> 3) % possible.length];
  const caseId = subjects.find(([kind]) => kind === 'case')?.[1];
  await transition(store, completeMove({ subject, id, action, at }, before.state, { caseId })).catch((error) => {
    if (error.code !== 'bad-input' && error.code !== 'illegal-transition') throw error;
  });
}

/** Two patches, a case over one of them, and steps with all three; gives how far the log went before `anchorAfter`. */
async function history(store: Store, picks: readonly number[], anchorAfter: number): Promise<void> {
  const [first, second] = [await plantPatch(store), await plantPatch(store, { lon: 113 })];
  const opening = { title: 'Quarry road', district: '430421', patchIds: [first], actor: 'li', at: AT };
  const opened = await openCase(store, opening);
  const subjects: [Subject, string][] = [
    ['patch', first],
    ['patch', second],
    ['case', opened.id],
  ];
  for (const [i, pick] of picks.entries()) {
    if (i === anchorAfter % picks.length) await setAnchor(store, AT);
    await stepOn(store, subjects, pick, new Date(AT.getTime() + i * 3_600_000));
  }
  await setAnchor(store, AT);
}

const columns = [
  'id',
  'subject',
  'subjectId',
  'district',
  'action',
  'fromState',
  'toState',
  'actor',
  'reason',
  'payloadJson',
  'at',
  'prevHash',
  'hash',
] as const;

/** Every way takes the log, picks with `at` and `other`, and must leave it other than it was. */
const ways: Record<string, (store: Store, log: ChainedEventRow[], at: number, other: number) => Promise<void>> = {
  async 'edits a column'(store, log, at, other) {
    const [row, column] = [log[at], columns[other % columns.length]];
    const value =
      other % 3 === 0 && row[column] !== null && ['fromState', 'reason'].includes(column) ? null : `${row[column]}x`;
    await store.db
      .updateTable('events')
      .set({ [column]: value })
      .where('seq', '=', row.seq)
      .execute();
  },
  async 'moves text from one column into the next'(store, log, at) {
    const row = log[at];
    const moved = { ...row, action: `${row.action}${row.toState[0]}`, toState: row.toState.slice(1) };
    await rewrite(store, [moved]);
  },
  async 'deletes one'(store, log, at) {
    await remove(store, [log[at].seq]);
  },
  async 'swaps two'(store, log, at, other) {
    const [a, b] = [log[at], log[(at + 1 + (other % (log.length - 1))) % log.length]];
    await rewrite(store, [
      { ...a, seq: b.seq },
      { ...b, seq: a.seq },
    ]);
  },
  async 'adds one'(store, log, at) {
    const last = log[log.length - 1];
    const forged = { ...log[at], id: 'forged', seq: last.seq + 1, prevHash: '', hash: '' };
    await rewrite(store, [forged]);
  },
  async 'numbers the rest anew'(store, log, at) {
    const rest = log.slice(at).toReversed();
    await remove(
      store,
      rest.map(({ seq }) => seq),
    );
    await rewrite(
      store,
      rest.map((row) => ({ ...row, seq: row.seq + 7 })),
    );
  },
  async 'truncates the tail, and sets patches and cases back'(store, log, at) {
    const kept = log.slice(0, at);
    await remove(
      store,
      log.slice(at).map(({ seq }) => seq),
    );
    await setBack(store, kept);
  },
  async 'writes another name, and chains the rest anew'(store, log, at) {
    const edited = log.map((row, i) => (i === at ? { ...row, actor: 'nobody' } : row));
    await remove(
      store,
      log.map(({ seq }) => seq),
    );
    await rewrite(store, rechained(edited));
  },
  async 'takes one out, and chains the rest anew'(store, log, at) {
    const rest = log.filter((_, i) => i !== at);
    await remove(
      store,
      log.map(({ seq }) => seq),
    );
    await rewrite(store, rechained(rest));
  },
  async 'sets a patch where it is not'(store, log, at, other) {
    const { subject, subjectId } = log[at];
    const changes = [{ state: 'nowhere' }, { version: 99 }, { updatedAt: '2020-01-01T00:00:00.000Z' }];
    const table = subject === 'patch' ? 'patches' : 'cases';
    await store.db
      .updateTable(table)
      .set(changes[other % changes.length])
      .where('id', '=', subjectId)
      .execute();
  },
};

/** By what each way is found at least; where the rest was made to fit, by that alone. */
const found: Record<string, { by: 'chain' | 'anchors' | 'projections'; alone?: boolean }> = {
  'deletes one': { by: 'anchors' },
  'truncates the tail, and sets patches and cases back': { by: 'anchors', alone: true },
  'writes another name, and chains the rest anew': { by: 'anchors', alone: true },
  'takes one out, and chains the rest anew': { by: 'anchors' },
  'sets a patch where it is not': { by: 'projections', alone: true },
};

function foundBy({ chain, anchors, projections }: AuditReport): string[] {
  const counts = { chain: chain.count, anchors: anchors.faults.length, projections: projections!.faults.count };
  return Object.entries(counts).flatMap(([name, count]) => (count > 0 ? [name] : []));
}

/** Tables as if the kept events were all there ever were. */
async function setBack({ db }: Store, kept: readonly ChainedEventRow[]): Promise<void> {
  for (const table of ['patches', 'cases'] as const) {
    for (const { id } of await db.selectFrom(table).select('id').execute()) {
      const sum = project(kept.filter(({ subjectId }) => subjectId === id));
      if (sum === null) {
        await db
          .deleteFrom('case_patches')
          .where(table === 'cases' ? 'caseId' : 'patchId', '=', id)
          .execute();
        await db.deleteFrom(table).where('id', '=', id).execute();
        continue;
      }
      const { state, version, dueAt, updatedAt } = sum;
      const row = { state, version, updatedAt, ...(table === 'patches' && { dueAt }) };
      await db.updateTable(table).set(row).where('id', '=', id).execute();
    }
  }
}

describeOnBothStores('A history of legal steps', (openFresh, { dialect }) => {
  const numRuns = dialect === 'sqlite' ? 2000 : 40;
  const seed = 20260705;

  it(`is whole, and not so any more however it is tampered with`, { timeout: 120_000 }, async () => {
    const store = await openFresh();
    await liftTriggers(store);
    const tried = new Map<string, number>();
    const run = fc.record({
      picks: fc.array(fc.nat(), { minLength: 2, maxLength: 6 }),
      anchorAfter: fc.nat(),
      way: fc.constantFrom(...Object.keys(ways)),
      at: fc.nat(),
      other: fc.nat(),
    });
    const property = fc.asyncProperty(run, async ({ picks, anchorAfter, way, at, other }) => {
      await history(store, picks, anchorAfter);
      const untouched = await verifyAudit(store);
      expect(untouched).toMatchObject({ ok: true, firstBroken: null });
      const log = await logOf(store);
      await ways[way](store, log, at % log.length, other);
      const report = await verifyAudit(store);
      expect(report, way).toMatchObject({ ok: false });
      const { by, alone } = found[way] ?? { by: 'chain' };
      if (alone) expect(foundBy(report), way).toEqual([by]);
      else expect(foundBy(report), way).toContain(by);
      tried.set(way, (tried.get(way) ?? 0) + 1);
      await emptyQueue(store);
    });
    await fc.assert(property, { numRuns, seed, endOnFailure: true });
    expect([...tried.keys()].toSorted()).toEqual(Object.keys(ways).toSorted());
  });
});
