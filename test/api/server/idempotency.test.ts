import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfRequest } from '../../../api/server/idempotency.ts';
import { transition } from '../../../services/lifecycle/transition.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { takeKey, underKey } from '../../../services/store/idempotency.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

const office = { level: 'province', duty: 'reviewer', district: '' } as const;

describe('A write with an Idempotency-Key', () => {
  let service: TestService;
  let ids: string[];
  let headers: { Authorization: string };
  beforeEach(async () => {
    service = await startService();
    ids = await plantQueue(service.store);
    headers = await service.bearer();
  });
  afterEach(() => service.store.close());

  const dismiss = { action: 'dismiss', reason: 'season' };
  const send = (key: string | null, body: object = dismiss, path = `/patches/${ids[0]}/transitions`, who = headers) =>
    service.ask(path, {
      method: 'POST',
      headers: { ...who, 'Content-Type': 'application/json', ...(key !== null && { 'Idempotency-Key': key }) },
      body: JSON.stringify(body),
    });
  const steps = async (id = ids[0]) => (await eventsOf(service.store.db, 'patch', id)).map(({ action }) => action);
  const changeRow = (changes: object) => service.store.db.updateTable('idempotency_keys').set(changes).execute();

  it('is done once, and answered the same each time', async () => {
    const first = await send('a');
    const second = await send('a');
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(await second.text()).toBe(await first.text());
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect([first, second].map((one) => one.headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect(await steps()).toEqual(['find', 'dismiss']);
    // The same without a key is another step, which is not possible any more.
    expect((await problemIn(await send(null))).status).toBe(409);
  });

  it('opens one case, however often it is sent, and names it each time', async () => {
    const body = { title: 'A clue', district: '430421', patches: [ids[0]] };
    const answers = [await send('c', body, '/cases'), await send('c', body, '/cases')];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[1].headers.get('location')).toBe(answers[0].headers.get('location'));
  });

  it('refuses the key for another body or another path, and does nothing', async () => {
    await send('a');
    for (const other of [send('a', { ...dismiss, note: 'x' }), send('a', dismiss, `/patches/${ids[1]}/transitions`)]) {
      expect(await problemIn(await other)).toMatchObject({ status: 422, code: 'key-reused' });
    }
    expect(await steps(ids[1])).toEqual(['find']);
  });

  it('keeps the keys of two bearers apart', async () => {
    await send('a');
    const other = await service.bearer({ name: 'other' });
    expect((await send('a', dismiss, `/patches/${ids[1]}/transitions`, other)).status).toBe(200);
  });

  it('tells of two at once one to wait, or both the same', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => send('a')));
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(await steps()).toEqual(['find', 'dismiss']);
  });

  it('answers a refusal the same, but lets go of the key where the bearer may not', async () => {
    const wrong = { action: 'dismiss', reason: 'no such reason' };
    expect([(await send('a', wrong)).status, (await send('a', wrong)).status]).toEqual([400, 400]);
    const viewer = await service.bearer({ name: 'looker', role: 'viewer' });
    expect((await send('b', dismiss, undefined, viewer)).status).toBe(403);
    expect(await service.store.db.selectFrom('idempotency_keys').select('key').execute()).toEqual([{ key: 'a' }]);
  });

  it('is forgotten after a day', async () => {
    await send('a');
    await changeRow({ at: new Date(now.getTime() - 24 * 3_600_000 - 1000).toISOString() });
    expect((await problemIn(await send('a'))).code).toBe('illegal-transition');
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(201)])('refuses the key %j', async (key) => {
    expect((await send(key)).status).toBe(400);
  });
});

/** A process of this machine that is no more. */
const gone = `${hostname()}:${process.pid}:another-start`;

describeOnBothStores('A server killed over a write with a key', (_openFresh, place) => {
  const killed = async (work: (service: TestService, id: string) => Promise<unknown>) => {
    const service = await startService({ location: await place.freshLocation() });
    const [id] = await plantQueue(service.store);
    const headers = { ...(await service.bearer()), 'Content-Type': 'application/json', 'Idempotency-Key': 'a' };
    const body = JSON.stringify({ action: 'dismiss', reason: 'season' });
    const path = `/patches/${id}/transitions`;
    const send = () => service.ask(path, { method: 'POST', headers, body });
    // What the first try leaves behind: the key taken, and whatever was committed under it before the end.
    const request = hashOfRequest('POST', path, '', Buffer.from(body));
    const row = { actor: 'desk', key: 'a', request, owner: gone, at: now.toISOString() };
    await takeKey(service.store.db, row);
    await underKey(row, () => work(service, id));
    const answer = await send();
    const steps = (await eventsOf(service.store.db, 'patch', id)).map(({ action }) => action);
    await service.store.close();
    return { answer, steps };
  };
  const step = ({ store }: TestService, id: string) =>
    transition(store, { subject: 'patch', id, action: 'dismiss', reason: 'season', actor: 'desk', office, at: now });

  it('before it committed: nothing was changed, and the next try does it', async () => {
    const { answer, steps } = await killed(async () => {});
    expect([answer.status, steps]).toEqual([200, ['find', 'dismiss']]);
  });

  it('after it committed, before it answered: it is not done again, and the next try is told', async () => {
    const { answer, steps } = await killed(step);
    expect(await problemIn(answer)).toMatchObject({ status: 409, code: 'answer-lost' });
    expect(steps).toEqual(['find', 'dismiss']);
  });
});
