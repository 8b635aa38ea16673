import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldTasksBody, SentForm, TakenPhoto } from '../../../api/server/field-schemas.ts';
import type { KeyGrant } from '../../../services/access/keys.ts';
import { assign } from '../../../services/people/assign.ts';
import { eventsOf } from '../../../services/store/events.ts';
import { findPatch } from '../../../services/store/patches.ts';
import { photo } from '../../support/photos.ts';
import { takeSteps } from '../../support/steps.ts';
import { now, plantQueue, problemIn, startService, type TestService } from './service.ts';

const filledAt = '2025-07-02T01:55:00.000Z';
const good = { seen: ['under-construction', 'hardened'], use: 'industry', occupier: '某砂石厂', stopped: false };
const li: Partial<KeyGrant> = { name: 'li', role: 'field', district: '430421' };

let home: string;
let service: TestService;
let ids: string[];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-field-api-'));
  service = await startService({ home, simulated: false });
  ids = await plantQueue(service.store);
  await takeSteps(service.store, ids[0], 'warn acknowledge', { at: new Date('2025-07-01T23:00:00Z') });
});
afterEach(async () => {
  await service.store.close();
  await rm(home, { recursive: true });
});

const ask = async (path: string, grant: Partial<KeyGrant> = li, init: RequestInit = {}) =>
  service.ask(path, { ...init, headers: { ...(await service.bearer(grant)), ...(init.headers as object) } });
const tasks = async (question = '', grant = li) =>
  (await (await ask(`/field/tasks${question}`, grant)).json()) as FieldTasksBody;

describe('tasks of the field', () => {
  it('are the patches that wait for somebody to go there, with all that a phone needs', async () => {
    const { tasks: found, total, choices } = await tasks();
    expect([found.map(({ id }) => id), total]).toEqual([[ids[0]], 1]);
    expect(found[0]).toMatchObject({
      ...{ wants: { action: 'verify' }, state: 'acknowledged', districtName: '衡阳县', layers: ['farmland'] },
      ...{ outline: { type: 'Polygon' }, opinion: { note: 'seen on site' }, sent: { photos: 0, forms: 0 } },
      ...{ areaMu: 1.2, overdue: false, whose: 'district', distanceM: null },
    });
    expect(choices.seen.length).toBeGreaterThan(5);
  });

  it('of another district are told to nobody else', async () => {
    expect(await tasks('', { ...li, district: '430422' })).toMatchObject({ tasks: [], total: 0 });
  });

  it('come nearest first where somebody says where they are, and their own first where not', async () => {
    await takeSteps(service.store, ids[1], 'warn acknowledge', { at: new Date('2025-07-01T23:30:00Z') });
    const order = async (question: string) => (await tasks(question)).tasks.map(({ id }) => ids.indexOf(id));
    expect(await order('?near=112.5,26.9')).toEqual([0, 1]);
    expect(await order('?near=112.6,26.8')).toEqual([1, 0]);
    expect((await tasks('?near=112.5005,26.9105')).tasks[0].distanceM).toBeCloseTo(1108, -1);
    await assign(service.store, { subject: 'patch', id: ids[1], assignee: 'li', actor: 'chief', at: now });
    expect(await order('')).toEqual([1, 0]);
    expect((await tasks('?mine=true')).tasks).toMatchObject([{ id: ids[1], whose: 'assigned' }]);
    expect((await tasks('?limit=1')).total).toBe(2);
  });

  it('are not sent again while nothing changed', async () => {
    const first = await ask('/field/tasks');
    const etag = first.headers.get('etag')!;
    expect((await ask('/field/tasks', li, { headers: { 'If-None-Match': etag } })).status).toBe(304);
    await takeSteps(service.store, ids[0], 'verify', { at: now });
    expect((await ask('/field/tasks', li, { headers: { 'If-None-Match': etag } })).status).toBe(200);
  });

  it.each(['?near=1', '?near=181,1', '?near=1,91', '?near=a,b', '?limit=0', '?mine=yes', '?x=1'])(
    'refuse %s',
    async (question) => {
      expect((await problemIn(await ask(`/field/tasks${question}`))).status).toBe(400);
    },
  );
});

describe('forms of the field', () => {
  const send = (
    form: object,
    { key, grant = li, id = ids[0] }: { key?: string; grant?: typeof li; id?: string } = {},
  ) =>
    ask(`/patches/${id}/forms`, grant, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(key !== undefined && { 'Idempotency-Key': key }) },
      body: JSON.stringify(form),
    });
  const sendPhoto = async (seed: number) => {
    const init = { method: 'POST', headers: { 'Content-Type': 'image/jpeg' }, body: new Uint8Array(await photo(seed)) };
    return (await (await ask(`/patches/${ids[0]}/photos`, li, init)).json()) as TakenPhoto;
  };
  const history = async () => (await eventsOf(service.store.db, 'patch', ids[0])).slice(3);

  it('verify the patch with their photos as evidence, and say in the history what was found', async () => {
    const { id, sha256 } = await sendPhoto(1);
    const answer = await send({ ...good, photos: [sha256], filledAt }, { key: 'form-1' });
    expect([answer.status, await answer.json()]).toMatchObject([201, { action: 'verify', state: 'verified' }]);
    const [event] = await history();
    expect(JSON.parse(event.payloadJson)).toMatchObject({
      evidence: [id],
      stopped: false,
      findings: { use: 'industry' },
    });
    expect(JSON.parse(event.payloadJson).note).toBe(
      '现场：正在建设、硬化地面、道路；用途：工业、仓储；使用人：某砂石厂；仍在施工',
    );
    expect(event.actor).toBe('li');
  });

  it('are one form however often and late they are sent, and another under the same key is refused', async () => {
    const { sha256 } = await sendPhoto(1);
    const form = { ...good, photos: [sha256], filledAt };
    const first = await (await send(form, { key: 'a' })).json();
    await takeSteps(service.store, ids[0], 'doubt', { at: now });
    const again = await send(form, { key: 'a' });
    expect([again.status, await again.json()]).toEqual([200, { ...(first as object), isNew: false }]);
    expect((await problemIn(await send({ ...form, note: 'x' }, { key: 'a' }))).status).toBe(400);
    expect((await history()).map(({ action }) => action)).toEqual(['verify', 'doubt']);
    const [one, two] = [await send({ ...good, filledAt }), await send({ ...good, filledAt })];
    expect([one.status, two.status]).toEqual([201, 200]);
  });

  it('sent three times at once come in once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => send({ ...good, filledAt }, { key: 'b' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect((await history()).map(({ action }) => action)).toEqual(['field-report']);
  });

  it.each([
    ['without photos', { ...good, filledAt }],
    ['of a visit that goes on', { ...good, filledAt, done: false }],
  ])('%s are put on record, and the patch stays where it is', async (_what, form) => {
    const dueAt = (await findPatch(service.store.db, ids[0]))!.dueAt;
    expect(await (await send(form)).json()).toMatchObject({ action: 'field-report', state: 'acknowledged' });
    expect((await findPatch(service.store.db, ids[0]))!.dueAt).toBe(dueAt);
  });

  it('are taken though the patch was moved on, even dismissed, while the phone was away', async () => {
    const { sha256 } = await sendPhoto(1);
    await takeSteps(service.store, ids[0], 'verify close-false-change', { at: now });
    const answer = await send({ ...good, photos: [sha256], filledAt });
    expect([answer.status, await answer.json()]).toMatchObject([
      201,
      { action: 'field-report', state: 'false-change' },
    ]);
  });

  it('are listed with who sent them', async () => {
    await send({ ...good, filledAt, remedyM2: 120.5, note: '业主在场' });
    const { forms } = (await (await ask(`/patches/${ids[0]}/forms`)).json()) as { forms: SentForm[] };
    expect(forms).toMatchObject([{ sentBy: 'li', findings: { remedyM2: 120.5, note: '业主在场' } }]);
    expect((await tasks()).tasks[0].sent).toEqual({ photos: 0, forms: 1 });
  });

  it('are refused with a photo that is not here, a word that is not on the list, and nothing seen', async () => {
    const refused = async (form: object) => (await problemIn(await send(form))).detail;
    expect(await refused({ ...good, filledAt, photos: ['0'.repeat(64)] })).toMatch(/not here; send its photos first/);
    expect(await refused({ ...good, filledAt, seen: ['castle'] })).toMatch(/seen is one of building/);
    expect(await refused({ ...good, filledAt, use: 'castle' })).toMatch(/use is one of housing/);
    expect(await refused({ filledAt, seen: [] })).toMatch(/'seen' must be at least one code/);
    expect(await refused({ ...good })).toMatch(/'filledAt' must be/);
    expect(await refused({ ...good, filledAt, more: 1 })).toMatch(/'more' must be one that is known here/);
    expect(await history()).toEqual([]);
  });

  it('are for who works in the field of that district', async () => {
    const as = async (grant: object) => (await send({ ...good, filledAt }, { grant: { ...li, ...grant } })).status;
    expect(await as({ role: 'viewer' })).toBe(403);
    expect(await as({ district: '430422' })).toBe(404);
    expect(await as({ name: 'wang', role: 'handler', district: '4304' })).toBe(201);
  });
});
