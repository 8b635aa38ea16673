import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { addWebhook } from '../../../services/notify/endpoints.ts';
import { LEASE_MS, sendDue } from '../../../services/notify/send.ts';
import { openStore } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { Receiver, verified } from './receiver.ts';

const program = fileURLToPath(new URL('send-until-killed.ts', import.meta.url));
let receiver: Receiver;
let child: ChildProcess | undefined;

afterEach(async () => {
  child?.kill('SIGKILL');
  await receiver.stop();
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describeOnBothStores('a sender that is killed in the middle of a delivery', (_, place) => {
  it('has its message sent by another one, with the same id, when its time is over and not before', async () => {
    receiver = new Receiver();
    const url = await receiver.start();
    const location = await place.freshLocation();
    const store = await openStore(location);
    const webhook = { url, district: '', types: [], allowHttp: true, allowPrivate: true };
    const { secret } = await addWebhook(store, webhook, new Date());
    const id = await plantPatch(store);
    await takeSteps(store, id, 'warn acknowledge');
    // The first is taken well; in the middle of the second the sender is killed.
    receiver.manner = ({ message }) => (message.data.version === 1 ? { status: 200 } : 'hang');
    child = spawn(process.execPath, [program, JSON.stringify(location)], { stdio: 'inherit' });
    const ended = once(child, 'close');
    await until(() => receiver.arrivals.length === 2 || child?.exitCode !== null);
    expect(receiver.arrivals).toHaveLength(2);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    receiver.manner = () => ({ status: 200 });
    const now = Date.now();
    const passAt = (ms: number) => sendDue(store, { clock: () => new Date(now + ms), mail: null });
    expect(await passAt(0)).toMatchObject({ delivered: 0 });
    expect(await passAt(LEASE_MS + 1000)).toMatchObject({ delivered: 2 });
    const versions = receiver.arrivals.map(({ message }) => message.data.version);
    expect(versions).toEqual([1, 2, 2, 3]);
    expect(receiver.arrivals[2].id).toBe(receiver.arrivals[1].id);
    expect(receiver.arrivals[2].body).toBe(receiver.arrivals[1].body);
    for (const arrival of receiver.arrivals) expect(() => verified(arrival, secret)).not.toThrow();
    await store.close();
  });
});
