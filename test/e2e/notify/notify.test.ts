import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../services/store/open.ts';
import { Receiver, verified } from '../../services/notify/receiver.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

const home = mkdtempSync(join(tmpdir(), 'tuban-notify-'));
const receiver = new Receiver();
let url: string;

beforeAll(async () => {
  url = await receiver.start();
});

afterAll(async () => {
  await receiver.stop();
  rmSync(home, { recursive: true });
});

const notify = (...args: string[]) => tubanJson('notify', ...args, '--home', home);

/** A patch warned just now. */
async function plant(): Promise<string> {
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  const id = await plantPatch(store);
  await takeSteps(store, id, 'warn', { at: new Date() });
  await store.close();
  return id;
}

describe('tuban notify', () => {
  it('adds a webhook, shows its secret once, tests it, sends by hand and by serve, replays and replaces the secret', async () => {
    const reach = ['--allow-http', '--allow-private'];
    const types = ['--types', 'patch.opened,patch.moved'];
    const { id, secret } = await notify('add-webhook', `${url}?key=hidden`, '--district', '4304', ...types, ...reach);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await notify('test', id)).toEqual({ result: 'delivered', status: 204 });
    expect(receiver.arrivals.map(({ message }) => message.type)).toEqual(['test.ping']);
    verified(receiver.arrivals[0], secret);

    await plant();
    expect(await notify('send')).toEqual({ delivered: 2, failed: 0, dead: 0, withoutMail: 0 });
    for (const arrival of receiver.arrivals) verified(arrival, secret);

    const serving = new TubanProcess(['serve', '--home', home], { PORT: '0', TUBAN_SCHEDULE: 'off' });
    await serving.printed(/API: +http/);
    await plant();
    while (receiver.arrivals.length < 5) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await serving.stop('SIGTERM')).toBe(0);

    expect(await notify('replay', id, '--from', '2')).toMatchObject({ reopened: 2 });
    expect(await notify('send')).toMatchObject({ delivered: 2 });
    expect(receiver.arrivals.slice(5).map((one) => one.id)).toEqual(receiver.arrivals.slice(3, 5).map((one) => one.id));

    const rotated = await notify('rotate', id);
    const said = [await notify('list'), await notify('deliveries')];
    expect(said[0]).toMatchObject([{ id, state: 'active', address: `${url}?…`, delivered: 4, waiting: 0, cursor: 4 }]);
    expect(said[1]).toHaveLength(4);
    for (const one of [secret, rotated.secret, 'hidden'])
      expect(JSON.stringify(said) + serving.stderr).not.toContain(one);

    await notify('redeliver', String(said[1][0].seq));
    expect(await notify('send')).toMatchObject({ delivered: 1 });
    verified(receiver.arrivals.at(-1)!, secret);
    verified(receiver.arrivals.at(-1)!, rotated.secret);
    await notify('remove', id);
    expect(await notify('list')).toEqual([]);
  }, 180_000);

  it.each([
    [['add-webhook', 'http://169.254.169.254/', '--allow-http', '--allow-private'], 2, 'is not called'],
    [['add-webhook', 'https://hooks.example.com/', '--types', 'patch.gone'], 2, "got 'patch.gone'"],
    [['replay', 'nobody', '--from', '0'], 2, 'There is no receiver nobody'],
  ])('%j ends with %i: %s', async (args, code, line) => {
    const { exitCode, stderr } = await tuban(['notify', ...args, '--home', home]);
    expect({ exitCode, lines: stderr.split('\n').length }).toEqual({ exitCode: code, lines: 2 });
    expect(stderr).toContain(line);
  });
});
