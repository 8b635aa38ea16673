import { afterEach, beforeEach, expect, it } from 'vitest';
import { setEmbargo } from '../../../services/access/embargo.ts';
import { addMail, addWebhook } from '../../../services/notify/endpoints.ts';
import { sendDue } from '../../../services/notify/send.ts';
import { addFromDeadlines } from '../../../services/notify/sender.ts';
import { listDeliveries } from '../../../services/store/notify-deliveries.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { TestClock } from './clock.ts';
import { Receiver } from './receiver.ts';

const until = new Date('2025-07-20T00:00:00Z');

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

const pass = (store: Store) =>
  sendDue(store, { clock: clock.now, mail: null, limits: { connectMs: 1000, totalMs: 1000 } });

describeOnBothStores('what is under embargo', (openFresh) => {
  const underEmbargo = (store: Store) => {
    const access = { actor: 'chief', role: 'admin' as const, district: '', office: null };
    return setEmbargo(store, access, { district: '430421', until, reason: '专项行动' }, clock.now());
  };

  it('reaches no receiver before it ends, and then in order and once; the rest goes out at once', async () => {
    const store = await openFresh();
    await addWebhook(store, { url, district: '', types: [], allowHttp: true, allowPrivate: true }, clock.now());
    await underEmbargo(store);
    const open = await plantPatch(store, { district: '430422' });
    const hidden = await plantPatch(store, { district: '430421' });
    await takeSteps(store, hidden, 'warn');
    await pass(store);
    expect(receiver.arrivals.map(({ message }) => message.data.id)).toEqual([open]);
    clock.forward(until.getTime() - clock.now().getTime() + 1000);
    await pass(store);
    await pass(store);
    expect(receiver.arrivals.map(({ message }) => [message.data.id, message.data.version])).toEqual([
      [open, 1],
      [hidden, 1],
      [hidden, 2],
    ]);
  });

  it('is in no notice and no digest before it ends', async () => {
    const store = await openFresh();
    await addMail(store, { address: 'li@county.example', district: '', digest: 'daily', notices: true }, clock.now());
    await underEmbargo(store);
    const number = async (id: string) =>
      (await store.db.selectFrom('patches').select('number').where('id', '=', id).executeTakeFirstOrThrow()).number;
    const open = await number(await plantPatch(store, { district: '430422' }));
    const hidden = await number(await plantPatch(store, { district: '430421' }));
    const told = async () => (await listDeliveries(store.db, { limit: 10 })).map(({ bodyJson }) => bodyJson).join('\n');
    const due = new Date('2025-07-19T01:00:00Z');
    await addFromDeadlines(store, due, due);
    expect(await told()).toContain(open);
    expect(await told()).not.toContain(hidden);
    const after = new Date('2025-07-21T01:00:00Z');
    await addFromDeadlines(store, after, after);
    expect(await told()).toContain(hidden);
  });
});
