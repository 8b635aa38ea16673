import { afterEach, beforeEach, expect, it } from 'vitest';
import { addWebhook, removeEndpoint, replay, rotateSecret } from '../../../services/notify/endpoints.ts';
import { RETRY_AFTER_SECONDS } from '../../../services/notify/retry.ts';
import { sendDue } from '../../../services/notify/send.ts';
import { startSender } from '../../../services/notify/sender.ts';
import { eventsSince } from '../../../services/store/events.ts';
import { listDeliveries, reopenDelivery } from '../../../services/store/notify-deliveries.ts';
import { endpointOf, setEndpointState } from '../../../services/store/notify-endpoints.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { TestClock } from './clock.ts';
import { type Arrival, type Manner, Receiver, verified } from './receiver.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const limits = { connectMs: 1000, totalMs: 150 };

let receiver: Receiver;
let url: string;
let clock: TestClock;

beforeEach(async () => {
  receiver = new Receiver();
  url = await receiver.start();
  clock = new TestClock('2025-07-10T01:00:00Z');
});

afterEach(async () => {
  clock.end();
  await receiver.stop();
});

const pass = (store: Store) => sendDue(store, { clock: clock.now, mail: null, limits });

async function webhook(store: Store, more: { district?: string; types?: string[]; from?: number } = {}) {
  const reach = { allowHttp: true, allowPrivate: true };
  return addWebhook(store, { url, district: '', types: [], ...reach, ...more }, clock.now());
}

/** Passes, with the time between moved on by an hour, until nothing waits. */
async function passUntilDone(store: Store): Promise<void> {
  for (let passes = 0; passes < 200; passes++) {
    await pass(store);
    if ((await listDeliveries(store.db, { state: 'waiting', limit: 1 })).length === 0) return;
    clock.forward(60 * minute);
  }
  throw new Error('Deliveries still wait after 200 passes.');
}

const versionsOf = (arrivals: readonly Arrival[], id: string) =>
  arrivals.filter(({ message }) => message.data.id === id).map(({ message }) => message.data.version);

describeOnBothStores('webhooks', (openFresh, place) => {
  it('carry every event of their district, signed, in order, with nothing restricted', async () => {
    const store = await openFresh();
    const { secret } = await webhook(store, { district: '4304' });
    const id = await plantPatch(store);
    await plantPatch(store, { district: '330482' });
    await takeSteps(store, id, 'warn acknowledge');
    expect(await pass(store)).toMatchObject({ delivered: 3, failed: 0 });
    const events = (await eventsSince(store.db, 0, 10)).filter(({ subjectId }) => subjectId === id);
    expect(receiver.arrivals.map((arrival) => arrival.id)).toEqual(events.map((event) => event.id));
    for (const arrival of receiver.arrivals) expect(verified(arrival, secret)).toEqual(arrival.message);
    const { dueAt } = await store.db
      .selectFrom('patches')
      .select('dueAt')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(receiver.arrivals[2].message).toEqual({
      type: 'patch.moved',
      timestamp: events[2].at,
      data: {
        seq: events[2].seq,
        subject: 'patch',
        id,
        number: '4304212025060001',
        district: '430421',
        action: 'acknowledge',
        from: 'warned',
        to: 'acknowledged',
        dueAt,
        version: 3,
        links: { patch: `/patches/${id}` },
      },
    });
    expect(dueAt).not.toBeNull();
    // Who acted and what they noted stays here.
    expect(receiver.arrivals.map(({ body }) => body).join()).not.toMatch(/"li"|seen on site|actor|payload/);
    expect(await pass(store)).toMatchObject({ delivered: 0 });
  });

  it('arrive in order at a receiver that hangs, breaks off, redirects, fails and asks for a pause', async () => {
    const store = await openFresh();
    const { secret } = await webhook(store);
    const id = await plantPatch(store);
    const other = await plantPatch(store);
    await takeSteps(store, id, 'warn acknowledge');
    const manners: Manner[] = [
      'hang',
      'close',
      'break-off',
      { status: 302, headers: { location: `${url}/elsewhere` } },
      { status: 500 },
      { status: 429, headers: { 'retry-after': '7200' } },
      { status: 200, afterMs: 60 },
      { status: 500 },
    ];
    const firstOfPatch = (arrival: Arrival) => arrival.message.data.id === id;
    receiver.manner = (arrival) => (firstOfPatch(arrival) ? manners.shift() : undefined) ?? { status: 200 };
    await pass(store);
    // The other patch does not wait for this one.
    expect(receiver.accepted.map(({ message }) => message.data.id)).toEqual([other]);
    await passUntilDone(store);
    expect(versionsOf(receiver.arrivals, id)).toEqual([1, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
    expect(new Set(receiver.arrivals.filter(firstOfPatch).map((arrival) => arrival.id)).size).toBe(3);
    const bodies = Map.groupBy(receiver.arrivals, (arrival) => arrival.id);
    for (const same of bodies.values()) expect(new Set(same.map(({ body }) => body)).size).toBe(1);
    expect(() => verified(receiver.arrivals.at(-1)!, secret)).not.toThrow();
  });

  it('leave a receiver alone until the time that it asked for', async () => {
    const store = await openFresh();
    const { id: endpoint } = await webhook(store);
    receiver.manner = () => ({ status: 429, headers: { 'retry-after': '600' } });
    await plantPatch(store);
    await pass(store);
    await plantPatch(store);
    clock.forward(9 * minute);
    expect(await pass(store)).toMatchObject({ delivered: 0, failed: 0 });
    expect((await endpointOf(store.db, endpoint)).notBefore).toBe('2025-07-10T01:10:00.000Z');
    receiver.manner = () => ({ status: 200 });
    clock.forward(2 * minute);
    expect(await pass(store)).toMatchObject({ delivered: 2 });
  });

  it('end with 410, and go on from there when the receiver is resumed', async () => {
    const store = await openFresh();
    const { id: endpoint } = await webhook(store);
    receiver.manner = () => ({ status: 410 });
    const id = await plantPatch(store);
    await pass(store);
    await takeSteps(store, id, 'warn');
    clock.forward(day);
    await pass(store);
    expect(receiver.arrivals).toHaveLength(1);
    expect(await endpointOf(store.db, endpoint)).toMatchObject({
      state: 'disabled',
      note: expect.stringContaining('410'),
    });
    receiver.manner = () => ({ status: 200 });
    await setEndpointState(store.db, endpoint, 'active', null);
    await pass(store);
    expect(versionsOf(receiver.accepted, id)).toEqual([1, 2]);
  });

  it('are given up after the last try, then let the next one pass; one, or all, can be sent again', async () => {
    const store = await openFresh();
    const { id: endpoint } = await webhook(store);
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn');
    const [first, second] = await eventsSince(store.db, 0, 10);
    receiver.manner = (arrival) => ({ status: arrival.id === first.id ? 500 : 200 });
    for (let tries = 0; tries <= RETRY_AFTER_SECONDS.length; tries++) {
      expect(versionsOf(receiver.accepted, id)).toEqual([]);
      await pass(store);
      clock.forward(2 * day);
    }
    await pass(store);
    const [dead] = await listDeliveries(store.db, { state: 'dead', limit: 10 });
    const tries = RETRY_AFTER_SECONDS.length + 1;
    expect(dead).toMatchObject({ messageId: first.id, attempts: tries, problem: 'answered 500', status: 500 });
    expect(receiver.arrivals.map((arrival) => arrival.id)).toEqual([...Array(tries).fill(first.id), second.id]);
    receiver.manner = () => ({ status: 200 });
    await reopenDelivery(store.db, dead.seq, clock.now().toISOString());
    await pass(store);
    expect(receiver.accepted.map((arrival) => arrival.id)).toEqual([second.id, first.id]);
    // From the beginning: both, in order, with the ids they had.
    await replay(store, endpoint, 0, clock.now());
    await pass(store);
    expect(receiver.accepted.slice(2).map((arrival) => arrival.id)).toEqual([first.id, second.id]);
  });

  it('are replayed from a cursor, with what came before the receiver was there', async () => {
    const store = await openFresh();
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn');
    const { id: endpoint } = await webhook(store);
    await takeSteps(store, id, 'acknowledge');
    await pass(store);
    expect(versionsOf(receiver.arrivals, id)).toEqual([3]);
    const [first] = await eventsSince(store.db, 0, 1);
    await replay(store, endpoint, first.seq, clock.now());
    await pass(store);
    expect(versionsOf(receiver.arrivals, id)).toEqual([3, 2, 3]);
  });

  it('wait while their receiver is paused and are all there when it goes on; one removed gets nothing', async () => {
    const store = await openFresh();
    const { id: endpoint } = await webhook(store, { types: ['patch.moved'] });
    const { id: gone } = await webhook(store);
    await removeEndpoint(store, gone);
    await setEndpointState(store.db, endpoint, 'paused', null);
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn acknowledge');
    await pass(store);
    expect(receiver.arrivals).toEqual([]);
    await setEndpointState(store.db, endpoint, 'active', null);
    await pass(store);
    expect(versionsOf(receiver.arrivals, id)).toEqual([2, 3]);
    expect(await store.db.selectFrom('notify_secrets').select('endpointId').execute()).toEqual([
      { endpointId: endpoint },
    ]);
  });

  it('are signed by both secrets for a day after one is replaced, then by the new one alone', async () => {
    const store = await openFresh();
    const { id: endpoint, secret: old } = await webhook(store);
    const { secret } = await rotateSecret(store, endpoint, clock.now());
    await plantPatch(store);
    await pass(store);
    expect(() => verified(receiver.arrivals[0], old)).not.toThrow();
    expect(() => verified(receiver.arrivals[0], secret)).not.toThrow();
    clock.forward(day);
    await plantPatch(store);
    await pass(store);
    expect(() => verified(receiver.arrivals[1], old)).toThrow('No matching signature');
    expect(() => verified(receiver.arrivals[1], secret)).not.toThrow();
  });

  it('are not sent twice by two senders at once', async () => {
    const location = await place.freshLocation();
    const [one, two] = [await openStore(location), await openStore(location)];
    try {
      await webhook(one);
      for (let patch = 0; patch < 6; patch++) await takeSteps(one, await plantPatch(one), 'warn acknowledge');
      receiver.manner = () => ({ status: 200, afterMs: 2 });
      await Promise.all([pass(one), pass(two)]);
      await Promise.all([pass(two), pass(one)]);
      // What either left because the other had it in hand.
      await passUntilDone(one);
      expect(receiver.arrivals).toHaveLength(18);
      expect(new Set(receiver.arrivals.map((arrival) => arrival.id)).size).toBe(18);
      expect(receiver.mostAtOnce).toBe(1);
      for (const { message } of receiver.arrivals) {
        expect(versionsOf(receiver.arrivals, message.data.id)).toEqual([1, 2, 3]);
      }
    } finally {
      await one.close();
      await two.close();
    }
  });

  it('go out from a sender that runs until it is stopped, through passes that fail', async () => {
    const store = await openFresh();
    await webhook(store);
    const id = await plantPatch(store);
    const troubles: unknown[] = [];
    let naps = 0;
    const delivered = new Promise<void>((resolve) => {
      receiver.manner = ({ message }) => {
        if (message.data.version === 3) resolve();
        return { status: 200 };
      };
    });
    const sender = startSender(store, {
      now: () => {
        if (naps === 0) throw new Error('no calendar today');
        return clock.now();
      },
      clock: clock.now,
      mail: null,
      onTrouble: (error) => troubles.push(error),
      async sleep() {
        if (naps++ === 0) await takeSteps(store, id, 'warn acknowledge');
        clock.forward(5000);
        await new Promise(setImmediate);
      },
    });
    await delivered;
    await sender.stop();
    expect(troubles).toHaveLength(1);
    expect(versionsOf(receiver.accepted, id)).toEqual(expect.arrayContaining([1, 2, 3]));
    const sent = receiver.arrivals.length;
    await takeSteps(store, await plantPatch(store), 'warn');
    expect(receiver.arrivals).toHaveLength(sent);
  });
});
