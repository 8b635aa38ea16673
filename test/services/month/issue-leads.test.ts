import { expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { lastDayOf } from '../../../services/month/calendar-month.ts';
import { issueLeads } from '../../../services/month/issue-leads.ts';
import { judgeAgain } from '../../../services/month/judge-again.ts';
import { patchDetail } from '../../../services/queue/detail.ts';
import type { Store } from '../../../services/store/open.ts';
import { issuedNear } from '../../../services/store/places.ts';
import { type MonthSeed, type Part, plantMonth, plantZones } from '../../support/planted-months.ts';
import { plantedGrid } from '../../support/planted-workspace.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const part = (i: number): Part => [20 + 30 * i, 40, 20, 10];
const supplied = { supplied: '2024-01-10', agreedStart: '2024-01-10' };
const restored = { began: '2024-01-10', due: '2024-08-31' };

/** The month `i` months after January 2024 and its image of the 10th, compared with that of the month before. */
function monthOf(i: number, differ: Partial<MonthSeed> = {}): MonthSeed {
  const day = (k: number) => new Date(Date.UTC(2024, k, 10)).toISOString().slice(0, 10);
  return { month: day(i).slice(0, 7), befores: [day(i - 1)], afters: [day(i)], ...differ };
}

/** Plants a month and issues its leads, as the end of a run does. */
async function run(store: Store, i: number, differ: Partial<MonthSeed> = {}) {
  const seed = monthOf(i, differ);
  await plantMonth(store, seed);
  return lead(store, seed.month, `run-${seed.month}-${seed.startedAt ?? `${seed.month}-28T00:00:00.000Z`}`);
}

function lead(store: Store, month: string, id: string) {
  const plan = { id, month, grid: plantedGrid, afters: [], befores: [] };
  const now = new Date(`${lastDayOf(month)}T02:00:00.000Z`);
  return store.db.transaction().execute((trx) => issueLeads(trx, plan, now));
}

const leadsOf = (store: Store) =>
  store.db
    .selectFrom('patches')
    .innerJoin('detections', 'detections.id', 'patches.detectionId')
    .where('screening', '=', 'lead')
    .select(['patches.id', 'patches.number', 'patches.month', 'patches.state', 'patches.type', 'patches.placeId'])
    .orderBy('patches.number')
    .execute();

describeOnBothStores('leads of projects in the queue', (openFresh) => {
  it('a zone that came into idleness, delay or loss is a patch once, and told how it goes on', async () => {
    const store = await openFresh();
    await plantZones(store, 'idle-land', {
      idle: { part: part(0), properties: supplied },
      hidden: { part: part(1), properties: supplied },
    });
    await plantZones(store, 'restoration', { late: { part: part(2), properties: restored } });
    for (let i = 1; i < 8; i++)
      expect(await run(store, i, i === 3 ? { cloud: part(1) } : {})).toEqual({ issued: 0, told: 0 });
    for (let i = 8; i < 12; i++) expect(await run(store, i)).toEqual({ issued: i === 8 ? 1 : 0, told: 0 });
    expect(await run(store, 12)).toEqual({ issued: 1, told: 0 });
    const [late, idle, ...none] = await leadsOf(store);
    expect(none).toEqual([]);
    expect(late).toMatchObject({ month: '2024-09', state: 'found', type: 'no-change' });
    const detail = await patchDetail(store, idle.number);
    const stands = {
      ...{ key: 'idle-land/idle/idle-not-started/2025-01-10', layer: 'idle-land', zone: 'idle', name: 'idle号' },
      ...{ state: 'idle-not-started', since: '2025-01-10', asOf: '2025-01-10', before: 'not-due' },
    };
    expect(detail.history).toMatchObject([{ action: 'find', actor: 'tuban', payload: { lead: stands } }]);
    expect(detail).toMatchObject({ opinion: null, themes: [{ theme: 'idle-land' }] });
    expect(detail.detection).toMatchObject({ screening: 'lead', beforeDate: '2025-01-10', evidence: { lead: stands } });
    expect(detail.patch.areaM2).toBeGreaterThan(19_900);

    // The same month run anew, by whatever plan, and months before it.
    expect(await run(store, 12, { startedAt: '2025-01-29T00:00:00.000Z' })).toEqual({ issued: 0, told: 0 });
    expect(await lead(store, '2024-09', 'run-2024-09-2024-09-28T00:00:00.000Z')).toEqual({ issued: 0, told: 0 });

    // Cloud says nothing; work that begins does, and what ended stays with people.
    expect(await run(store, 13, { cloud: part(0) })).toEqual({ issued: 0, told: 0 });
    const found = [{ type: 'built', part: part(0) } as const];
    const [twelfth, fourteenth] = ['2025-01-10', '2025-03-10'];
    expect(await run(store, 14, { befores: [twelfth], afters: [fourteenth], found })).toEqual({ issued: 0, told: 1 });
    expect(await lead(store, '2025-03', 'run-2025-03-2025-03-28T00:00:00.000Z')).toEqual({ issued: 0, told: 0 });
    const { patch, history } = await patchDetail(store, idle.number);
    expect(patch).toMatchObject({ state: 'found', version: 2, dueAt: detail.patch.dueAt });
    expect(history[1]).toMatchObject({ action: 'project-changed', fromState: 'found', toState: 'found' });
    expect(history[1].payload).toMatchObject({ lead: { state: 'started', before: 'idle-not-started' } });
    expect(history[1].payload['note']).toMatch(/idle号：已动工（此前：闲置：未动工）/);
    expect((await verifyAudit(store)).ok).toBe(true);
  });

  it('what people dismissed is not issued again; lost later it is another matter at another place', async () => {
    const store = await openFresh();
    await plantZones(store, 'restoration', { r: { part: part(0), properties: restored } });
    for (let i = 1; i < 9; i++) await run(store, i);
    const [first] = await leadsOf(store);
    const dismissal = { action: 'dismiss', reason: 'built-before', at: new Date('2024-10-01T00:00:00Z') };
    await transition(store, { subject: 'patch', id: first.id, actor: '王', ...dismissal });
    expect(await run(store, 9)).toEqual({ issued: 0, told: 0 });
    expect(await run(store, 10, { found: [{ type: 'vegetation-gain', part: part(0) }] })).toEqual({
      issued: 0,
      told: 0,
    });
    expect(await run(store, 11, { found: [{ type: 'built', part: part(0) }] })).toEqual({ issued: 1, told: 0 });
    const [, second] = await leadsOf(store);
    expect(second.placeId).not.toBe(first.placeId);
    expect((await patchDetail(store, second.number)).detection.evidence).toMatchObject({
      lead: { state: 'lost', before: 'green', since: '2024-12-10' },
    });
  });

  it('takes nothing in that changes there, and is not judged as if it had been built', async () => {
    const store = await openFresh();
    await plantZones(store, 'restoration', { r: { part: part(0), properties: restored } });
    for (let i = 1; i < 9; i++) await run(store, i);
    const [{ number }] = await leadsOf(store);
    const { patch } = await patchDetail(store, number);
    expect(await issuedNear(store.db, patch, '2024-12')).toEqual([]);
    const again = await judgeAgain(store, {}, new Date('2024-10-01T00:00:00Z'));
    expect(again).toEqual({ patches: 0, renewed: 0, changed: [] });
    expect(await patchDetail(store, number)).toMatchObject({ opinion: null, themes: [{ theme: 'restoration' }] });
  });
});
