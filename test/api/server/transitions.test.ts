import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PatchDetail } from '../../../api/server/schemas.ts';
import { addPhotos } from '../../../services/field/add-photos.ts';
import { photo } from '../../support/photos.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

describe('POST /patches/{id}/transitions', () => {
  let service: TestService;
  let id: string;
  let key: { Authorization: string };
  beforeEach(async () => {
    service = await startService();
    [id] = await plantQueue(service.store);
    key = await service.bearer({ name: 'city desk' });
  });
  afterEach(() => service.store.close());

  const take = (body: unknown, headers: Record<string, string> = {}, text = JSON.stringify(body)) =>
    service.ask(`/patches/${id}/transitions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...key, ...headers },
      body: text,
    });
  const warn = { action: 'warn', note: '疑似非农建设，请核查' };

  it('moves the patch on and answers with what it is now', async () => {
    const response = await take(warn, { 'If-Match': '"1"' });
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe('"2"');
    const patch = (await response.json()) as PatchDetail;
    expect(patch).toMatchObject({ state: 'warned', version: 2, dueAt: '2025-07-07T15:59:59.999Z' });
    expect(patch.history[1]).toMatchObject({ action: 'warn', actor: 'city desk', payload: { note: warn.note } });
  });

  it('takes a patch from find over warn to resolve', async () => {
    const home = await mkdtemp(join(tmpdir(), 'tuban-photo-'));
    const files = [{ name: 'a.jpg', bytes: await photo(1) }];
    const [added] = await addPhotos(service.store, home, id, files, { takenBy: '李', readings: [], now });
    await rm(home, { recursive: true });
    const evidence = { evidence: [added.id] };
    const steps = [
      warn,
      { action: 'acknowledge' },
      { action: 'verify', payload: evidence },
      { action: 'judge', payload: { judgement: 'illegal-construction' } },
      { action: 'submit' },
      ...['approve', 'approve', 'approve', 'rectify-before-filing'].map((action) => ({ action })),
      { action: 'submit-closure', payload: { ...evidence, remedy: { demolishedM2: 800 } } },
      { action: 'resolve', payload: { cause: 'patrol-gap' } },
    ];
    let patch = { version: 1 } as PatchDetail;
    for (const step of steps) {
      const response = await take(step, { 'If-Match': `"${patch.version}"` });
      patch = (await response.json()) as PatchDetail;
      expect(patch.history.at(-1)?.action).toBe(step.action);
    }
    expect(patch).toMatchObject({ state: 'resolved', dueAt: null, version: 12 });
  });

  it('refuses evidence that nobody handed in', async () => {
    let version = 1;
    for (const step of [warn, { action: 'acknowledge' }]) {
      version = ((await (await take({ ...step, expectedVersion: version })).json()) as PatchDetail).version;
    }
    const problem = await problemIn(await take({ action: 'verify', payload: { evidence: ['photo-1'] } }));
    expect(problem).toMatchObject({ status: 400, detail: expect.stringContaining("has no evidence 'photo-1'") });
  });

  it('dismisses with a coded reason, and not without', async () => {
    expect(await problemIn(await take({ action: 'dismiss' }))).toMatchObject({ status: 400, code: 'bad-input' });
    const patch = (await (await take({ action: 'dismiss', reason: 'season' })).json()) as PatchDetail;
    expect(patch.history[1]).toMatchObject({ toState: 'dismissed', reason: 'season' });
  });

  it('refuses with 412 what was looked at in another version, and changes nothing', async () => {
    await take(warn);
    const problem = await problemIn(await take({ action: 'acknowledge' }, { 'If-Match': '"1"' }));
    expect(problem).toMatchObject({ status: 412, code: 'precondition-failed' });
    expect(problem.detail).toContain('is at version 2, not at 1: city desk moved it to warned');
  });

  it('refuses the same with 409 where the version was sent in the body', async () => {
    await take(warn);
    const problem = await problemIn(await take({ action: 'acknowledge', expectedVersion: 1 }));
    expect(problem).toMatchObject({ status: 409, code: 'version-conflict', version: 2, updatedBy: 'city desk' });
  });

  it('refuses with 409 a step that is not possible from here, and says which are', async () => {
    const problem = await problemIn(await take({ action: 'resolve' }));
    expect(problem).toMatchObject({ status: 409, code: 'illegal-transition', state: 'found' });
    expect(problem['allowed']).toContain('warn');
  });

  it('offers whoever took the last step its undo, last, and takes it back', async () => {
    const warned = (await (await take(warn)).json()) as PatchDetail;
    expect(warned.actions.at(-1)).toMatchObject({ action: 'undo', to: 'found', needs: [] });
    const other = await service.bearer({ name: 'county' });
    const theirs = (await (await service.ask(`/patches/${id}`, { headers: other })).json()) as PatchDetail;
    expect(theirs.actions.map(({ action }) => action)).not.toContain('undo');
    const problem = await problemIn(await take({ action: 'undo' }, other));
    expect(problem).toMatchObject({ status: 409, code: 'illegal-transition', state: 'warned' });
    expect(problem.detail).toContain('it was taken by city desk, who alone may undo it');
    const response = await take({ action: 'undo' }, { 'If-Match': '"2"' });
    const undone = (await response.json()) as PatchDetail;
    expect(undone).toMatchObject({ state: 'found', version: 3, dueAt: '2025-07-08T15:59:59.999Z' });
    expect(undone.history[2].payload).toMatchObject({ undoes: undone.history[1].id, undone: 'warn' });
    expect(undone.actions.map(({ action }) => action)).not.toContain('undo');
  });

  it('refuses steps that only the product takes', async () => {
    const problem = await problemIn(await take({ action: 'confirm-restored' }));
    expect(problem).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it.each([
    ['malformed JSON', '{"action":', 400, 'bad-request'],
    ['no JSON object', '[]', 400, 'bad-request'],
    ['no action', '{}', 400, 'bad-request'],
    ['an unknown field', '{"action":"warn","notes":"x"}', 400, 'bad-request'],
    ['a number for a note', '{"action":"warn","note":7}', 400, 'bad-request'],
    ['more than a megabyte', `{"action":"warn","note":"${'x'.repeat(1_000_001)}"}`, 413, 'too-large'],
  ])('refuses %s', async (_name, body, status, code) => {
    expect(await problemIn(await take(null, {}, body))).toMatchObject({ status, code });
  });

  it('names the field of a bad body', async () => {
    const problem = await problemIn(await take({ action: 'warn', note: 7 }));
    expect(problem.errors).toEqual([{ in: 'body', field: 'note', wanted: 'a text', got: '7' }]);
  });

  it('refuses a body that is not JSON by its type', async () => {
    const problem = await problemIn(await take(warn, { 'Content-Type': 'text/plain' }));
    expect(problem).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  });

  it('refuses an If-Match that is no version', async () => {
    const problem = await problemIn(await take(warn, { 'If-Match': 'latest' }));
    expect(problem.errors?.[0]).toMatchObject({ in: 'header', field: 'If-Match', got: "'latest'" });
  });

  it('takes the weak tag that a compressed answer carried', async () => {
    expect((await take(warn, { 'If-Match': 'W/"1"' })).status).toBe(200);
  });
});
