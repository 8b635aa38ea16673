import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addWebhook, replay } from '../../../services/notify/endpoints.ts';
import { LEASE_MS, sendDue } from '../../../services/notify/send.ts';
import { eventsSince } from '../../../services/store/events.ts';
import { claimDelivery, listDeliveries } from '../../../services/store/notify-deliveries.ts';
import { endpointOf } from '../../../services/store/notify-endpoints.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { TestClock } from './clock.ts';
import { type Manner, Receiver } from './receiver.ts';

const limits = { connectMs: 1000, totalMs: 15 };
const steps = ['warn', 'acknowledge', 'verify'];

/** What the receiver does with a request; 'lost': it takes the message, and its answer never arrives. */
const manner = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Manner>({ status: 200 }) },
  { weight: 2, arbitrary: fc.constantFrom<Manner>({ status: 500 }, { status: 404 }, 'close', 'break-off') },
  { weight: 1, arbitrary: fc.constant<Manner>({ status: 429, headers: { 'retry-after': '40' } }) },
  { weight: 1, arbitrary: fc.constant<Manner>('hang') },
);

/** What happens next: a patch appears or is moved on, the sender passes, or dies with a message in its hands. */
const act = fc.oneof(
  { weight: 2, arbitrary: fc.constant('appear' as const) },
  { weight: 4, arbitrary: fc.nat(4) },
  { weight: 3, arbitrary: fc.constant('pass' as const) },
  { weight: 1, arbitrary: fc.constant('die' as const) },
  { weight: 1, arbitrary: fc.constant('wait' as const) },
);

type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

const history = fc.record({
  acts: fc.array(act, { minLength: 4, maxLength: 14 }),
  manners: fc.array(manner, { minLength: 0, maxLength: 40 }),
  replayed: fc.boolean(),
});

let receiver: Receiver;
let clock: TestClock;

beforeEach(() => {
  receiver = new Receiver();
  clock = new TestClock('2025-07-10T01:00:00Z');
});

afterEach(async () => {
  clock.end();
  await receiver.stop();
});

const pass = (store: Store) => sendDue(store, { clock: clock.now, mail: null, limits });

async function live(store: Store, acts: readonly Act[], endpoint: string): Promise<void> {
  const patches: { id: string; taken: number }[] = [];
  for (const one of acts) {
    clock.forward(1000);
    if (one === 'appear') patches.push({ id: await plantPatch(store, { foundAt: clock.now() }), taken: 0 });
    else if (one === 'pass') await pass(store);
    else if (one === 'wait') clock.forward(10 * 60_000);
    else if (one === 'die') {
      const until = new Date(clock.now().getTime() + LEASE_MS);
      await claimDelivery(store.db, endpoint, { by: randomUUID(), at: clock.now(), until });
    } else if (patches.length > 0) {
      const patch = patches[one % patches.length];
      if (patch.taken < steps.length) await takeSteps(store, patch.id, steps[patch.taken++], { at: clock.now() });
    }
  }
}

async function settle(store: Store, endpoint: string): Promise<void> {
  for (let passes = 0; passes < 100; passes++) {
    await pass(store);
    const waiting = await listDeliveries(store.db, { endpointId: endpoint, state: 'waiting', limit: 1 });
    if (waiting.length === 0) return;
    clock.forward(26 * 3_600_000);
  }
  throw new Error('Deliveries still wait after 100 days.');
}

/** What has arrived: of each patch in order, each message whole and the same whenever it came. */
function checkArrivals(expected: readonly string[]): void {
  const accepted = new Set(receiver.accepted.map(({ id }) => id));
  expect([...accepted].sort()).toEqual([...expected].sort());
  const byId = Map.groupBy(receiver.arrivals, ({ id }) => id);
  for (const same of byId.values()) expect(new Set(same.map(({ body }) => body)).size).toBe(1);
  const byPatch = Map.groupBy(receiver.arrivals, ({ message }) => message.data.id);
  for (const of of byPatch.values()) {
    const order = of.map(({ message }) => message.data.seq);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
}

describeOnBothStores('whatever a receiver does and whenever a sender dies', (openFresh, { dialect }) => {
  const numRuns = dialect === 'sqlite' ? 300 : 40;
  it(`every event arrives, in order of each patch, over ${numRuns} histories`, async () => {
    const store = await openFresh();
    const url = await receiver.start();
    const reach = { allowHttp: true, allowPrivate: true };
    await fc.assert(
      fc.asyncProperty(history, async ({ acts, manners, replayed }) => {
        const { id } = await addWebhook(store, { url, district: '', types: [], ...reach }, clock.now());
        const { cursor } = await endpointOf(store.db, id);
        const left = [...manners];
        // So few failures that nothing is given up.
        receiver.manner = () => left.shift() ?? { status: 200 };
        receiver.arrivals.length = 0;
        await live(store, acts, id);
        left.splice(8);
        await settle(store, id);
        const events = (await eventsSince(store.db, cursor, 1000)).map((event) => event.id);
        checkArrivals(events);
        if (replayed) {
          receiver.arrivals.length = 0;
          await replay(store, id, cursor, clock.now());
          await settle(store, id);
          checkArrivals(events);
        }
        await store.db.updateTable('notify_endpoints').set({ state: 'removed' }).where('id', '=', id).execute();
      }),
      { seed: 20250710, numRuns },
    );
  }, 120_000);
});
