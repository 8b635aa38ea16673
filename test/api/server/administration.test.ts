import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeyGrant } from '../../../services/access/keys.ts';
import { setAnchor } from '../../../services/audit/set-anchor.ts';
import { InboxRecord } from '../../../services/scenes/inbox-record.ts';
import { addDeliveries } from '../../../services/store/notify-deliveries.ts';
import { insertReads } from '../../../services/store/reads.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { liftTriggers } from '../../support/tampering.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

describe('what administrators look after', () => {
  let service: TestService;
  let folder: string;
  let inbox: InboxRecord;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-administration-'));
    inbox = new InboxRecord(folder);
    service = await startService({ simulated: false, services: { inbox } });
    await plantQueue(service.store);
  });
  afterEach(async () => {
    await service.store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async (path: string, init: { method?: string; body?: object } = {}, grant: Partial<KeyGrant> = {}) => {
    const headers = { ...(await service.bearer({ role: 'admin', ...grant })), 'Content-Type': 'application/json' };
    const { method = 'GET', body } = init;
    return service.ask(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  };
  const json = async (path: string, init?: Parameters<typeof ask>[1]) => (await ask(path, init)).json();

  it('is theirs alone: reviewers read images, others nothing, a county none of it', async () => {
    const paths = ['/scenes', '/inbox', '/receivers', '/audit/anchors', '/audit/verification', '/audit/reads'];
    for (const path of paths) {
      const reviewer = (await ask(path, {}, { role: 'reviewer' })).status;
      expect([path, reviewer]).toEqual([path, path === '/scenes' || path === '/inbox' ? 200 : 403]);
      for (const grant of [{ role: 'viewer' }, { district: '430421' }] as const) {
        expect((await problemIn(await ask(path, {}, grant))).code).toBe('forbidden');
      }
    }
  });

  it('has the folder of the images: what waits, what was refused, and why', async () => {
    await mkdir(join(folder, 'quarantine'));
    await writeFile(join(folder, 'june.tif'), 'waiting');
    await writeFile(join(folder, 'quarantine', 'bad.tif'), 'refused');
    inbox.add({ what: 'refused', name: 'bad.tif', path: 'x', reason: 'bad.tif: wanted a TIFF.' }, now);
    const shown = await json('/inbox');
    expect(shown).toMatchObject({
      watched: true,
      waiting: [{ name: 'june.tif', bytes: 7 }],
      refused: [{ name: 'bad.tif' }],
    });
    expect(shown.events).toEqual([
      { at: now.toISOString(), what: 'refused', name: 'bad.tif', scene: null, reason: 'bad.tif: wanted a TIFF.' },
    ]);
  });

  it('has receivers: public and by TLS alone, the secret told once, what was given up sent again', async () => {
    for (const url of [
      'http://example.org/',
      'https://127.0.0.1/',
      'https://169.254.169.254/latest',
      'https://[::1]/',
    ]) {
      expect((await problemIn(await ask('/receivers', { method: 'POST', body: { url } }))).code).toBe('bad-input');
    }
    const made = await json('/receivers', { method: 'POST', body: { url: 'https://example.org/hook?token=abc' } });
    expect(made.secret).toMatch(/^whsec_/);
    const [receiver] = (await json('/receivers')).receivers;
    expect(receiver).toMatchObject({ id: made.id, address: 'https://example.org/hook?…', state: 'active', dead: 0 });
    expect(JSON.stringify(receiver)).not.toContain(made.secret);
    const [event] = await service.store.db.selectFrom('events').select('seq').orderBy('seq').execute();
    const given = { endpointId: made.id, type: 'patch.opened', chain: 'c', bodyJson: null, addedAt: now.toISOString() };
    await addDeliveries(service.store.db, [
      { ...given, messageId: 'm1', position: event.seq, nextAt: now.toISOString() },
    ]);
    await service.store.db.updateTable('notify_deliveries').set({ state: 'dead', problem: 'answered 500' }).execute();
    expect((await json(`/receivers/${made.id}/deliveries?state=dead`)).deliveries).toMatchObject([
      { messageId: 'm1', state: 'dead', problem: 'answered 500' },
    ]);
    expect(await json(`/receivers/${made.id}/replay`, { method: 'POST' })).toMatchObject({ waiting: 1, dead: 0 });
    expect(await json(`/receivers/${made.id}/pause`, { method: 'POST' })).toMatchObject({ state: 'paused' });
    expect(await json(`/receivers/${made.id}/remove`, { method: 'POST' })).toBeNull();
    expect((await json('/receivers')).receivers).toEqual([]);
    expect((await problemIn(await ask(`/receivers/${made.id}/resume`, { method: 'POST' }))).status).toBe(404);
  });

  it('verifies the log: whole, and no longer once a row was changed', async () => {
    await setAnchor(service.store, now);
    expect((await json('/audit/anchors')).anchors).toMatchObject([{ count: 3 }]);
    expect(await json('/audit/verification')).toMatchObject({ ok: true, events: 3, firstBroken: null, faults: [] });
    await liftTriggers(service.store);
    const [, second] = await service.store.db.selectFrom('events').select('seq').orderBy('seq').execute();
    await service.store.db.updateTable('events').set({ actor: 'somebody' }).where('seq', '=', second.seq).execute();
    const broken = await json('/audit/verification');
    expect(broken).toMatchObject({ ok: false, firstBroken: second.seq });
    expect(broken.faults[0]).toContain(`event ${second.seq}`);
  });

  it('tells who read what, by person and by patch', async () => {
    const read = { at: now.toISOString(), what: 'patch', filter: '/patches/p1', rows: 1 };
    await insertReads(service.store.db, [
      { ...read, actor: 'wang', patch: 'p1' },
      { ...read, actor: 'li', patch: 'p2' },
    ]);
    const actors = async (query: string) =>
      (await json(`/audit/reads${query}`)).reads.map(({ actor }: { actor: string }) => actor);
    expect(await actors('')).toEqual(['li', 'wang']);
    expect(await actors('?actor=wang')).toEqual(['wang']);
    expect(await actors('?patch=p2')).toEqual(['li']);
    expect(await actors('?from=2025-07-03T00:00:00Z')).toEqual([]);
  });

  it('adds a rule set, says what is wrong with a bad one, and takes no other under the same name', async () => {
    const { ruleSet } = await json('/rules/cn-2024@1.0');
    const mine = { ...ruleSet, id: 'hn-2025', province: '43' };
    const added = await ask('/rules', { method: 'POST', body: mine });
    expect([added.status, (await added.json()).name]).toEqual([201, 'hn-2025@1.0']);
    expect((await json('/rules')).ruleSets.map(({ name }: { name: string }) => name)).toEqual([
      'cn-2024@1.0',
      'hn-2025@1.0',
    ]);
    const wrong = await problemIn(await ask('/rules', { method: 'POST', body: { ...mine, effectiveFrom: 'soon' } }));
    expect(wrong.detail).toMatch(/^The body: effectiveFrom: wanted .+, got 'soon'\.$/);
    const other = { ...mine, effectiveFrom: '2021-01-01' };
    expect((await problemIn(await ask('/rules', { method: 'POST', body: other }))).detail).toContain(
      'wanted a new version',
    );
    expect((await ask('/rules', { method: 'POST', body: mine }, { district: '430421' })).status).toBe(403);
  });
});

describe('the images of a workspace', () => {
  it('name the months that rest on them, and go from later runs when withdrawn', async () => {
    const planted = await PlantedWorkspace.create();
    try {
      await planted.layer('districts', { '430421': gridBox(plantedGrid, 50) });
      await planted.scene('2024-05-20', { seed: 1 });
      const after = await planted.scene('2024-06-20', { seed: 2 });
      await planted.scene('2024-07-20', { seed: 3 });
      await planted.run('2024-06');
      const service = await startService({ simulated: false, location: { sqlite: planted.path('tuban.db') } });
      const headers = await service.bearer({ role: 'admin' });
      const list = async () => (await (await service.ask('/scenes', { headers })).json()).scenes;
      expect((await list()).map(({ date, months }: { date: string; months: string[] }) => [date, months])).toEqual([
        ['2024-07-20', []],
        ['2024-06-20', ['2024-06']],
        ['2024-05-20', ['2024-06']],
      ]);
      expect((await service.ask(`/scenes/${after.id}`, { method: 'DELETE', headers })).status).toBe(204);
      expect(await list()).toHaveLength(2);
      expect((await service.ask('/scenes/none', { method: 'DELETE', headers })).status).toBe(404);
      await service.store.close();
    } finally {
      await planted.remove();
    }
  });
});
