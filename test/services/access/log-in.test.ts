import { expect, it } from 'vitest';
import { makeFirstAdmin, offerFirstAdmin } from '../../../services/access/first-admin.ts';
import { hashOf } from '../../../services/access/keys.ts';
import { logIn } from '../../../services/access/log-in.ts';
import { endSession, openSession, verifySession } from '../../../services/access/sessions.ts';
import {
  addUser,
  changePassword,
  disableUser,
  enableUser,
  resetPassword,
  setDuty,
  userNamed,
} from '../../../services/access/users.ts';
import { insertTry } from '../../../services/store/login-tries.ts';
import type { Store } from '../../../services/store/open.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const cost = { log2N: 10, r: 8, p: 1 };
const start = Date.parse('2025-07-02T02:00:00Z');
const minutes = (n: number) => new Date(start + n * 60_000);
const password = '衡阳县的一个好密码 42';
const wang = { name: 'wang', password, role: 'handler', district: '430421', mustChange: false, cost } as const;

/** How a try ends: 'right', or the code it is refused with. */
async function tried(store: Store, name: string, word: string, minute = 0, address = '10.0.0.1'): Promise<string> {
  return logIn(store, { name, password: word, address }, minutes(minute)).then(
    () => 'right',
    (error: { code: string }) => error.code,
  );
}

describeOnBothStores('log-in', (openFresh) => {
  it('lets in who has the password, however the name is written, and nobody else', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    expect(await tried(store, ' WANG ', password)).toBe('right');
    expect(await tried(store, 'wang', `${password} `)).toBe('unauthenticated');
    expect(await tried(store, 'wang', '')).toBe('unauthenticated');
    await expect(addUser(store, { ...wang, name: 'Wang' }, minutes(0))).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('locks a name for 15 minutes after five wrong passwords, the right one too, counted from the last', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    for (let n = 0; n < 5; n++) expect(await tried(store, 'wang', 'wrong-password', n)).toBe('unauthenticated');
    expect(await tried(store, 'wang', password, 5)).toBe('too-many-requests');
    expect(await tried(store, 'wang', password, 18.9)).toBe('too-many-requests');
    expect(await tried(store, 'wang', password, 19)).toBe('right');
  });

  it('says when a lock ends', async () => {
    const store = await openFresh();
    for (let n = 0; n < 5; n++) await tried(store, 'nobody', 'wrong-password', 0);
    const refused = logIn(store, { name: 'nobody', password, address: '10.0.0.1' }, minutes(10));
    await expect(refused).rejects.toMatchObject({ code: 'too-many-requests', details: { retryAfter: 300 } });
  });

  it('does not lock for five wrong passwords over a longer time, nor after a right one in between', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    for (const minute of [0, 4, 8, 12, 16]) await tried(store, 'wang', 'wrong-password', minute);
    expect(await tried(store, 'wang', password, 17)).toBe('right');
    for (const minute of [18, 19, 20, 21]) await tried(store, 'wang', 'wrong-password', minute);
    expect(await tried(store, 'wang', password, 22)).toBe('right');
  });

  it('locks an address after twenty wrong passwords for any names, and no other address', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    for (let n = 0; n < 19; n++) {
      const guess = { nameHash: hashOf(`guess${n}`), address: '203.0.113.9', outcome: 'wrong' } as const;
      await insertTry(store.db, { ...guess, at: minutes(0).toISOString() });
    }
    expect(await tried(store, 'guess', 'wrong-password', 0, '203.0.113.9')).toBe('unauthenticated');
    expect(await tried(store, 'wang', password, 1, '203.0.113.9')).toBe('too-many-requests');
    expect(await tried(store, 'wang', password, 1, '203.0.113.8')).toBe('right');
    expect(await tried(store, 'wang', password, 15, '203.0.113.9')).toBe('right');
  });

  it('is not outrun by many tries at once', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    const all = await Promise.all(Array.from({ length: 12 }, () => tried(store, 'wang', 'wrong-password')));
    expect(all.filter((code) => code === 'unauthenticated')).toHaveLength(5);
    expect(all.filter((code) => code === 'too-many-requests')).toHaveLength(7);
  });

  it('keeps neither the password nor the name that was tried', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    await tried(store, 'my-password-in-the-wrong-field', password);
    const rows = await Promise.all(
      (['users', 'login_tries'] as const).map((t) => store.db.selectFrom(t).selectAll().execute()),
    );
    const kept = JSON.stringify(rows);
    expect(kept).not.toContain(password);
    expect(kept).not.toContain('wrong-field');
  });
});

describeOnBothStores('sessions', (openFresh) => {
  it('have the access of their user as it is now, and only a hash is kept', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    const { token } = await openSession(store, 'wang', minutes(0));
    const office = { level: 'county', duty: 'handler', district: '430421' };
    const access = { actor: 'wang', role: 'handler', district: '430421', office };
    expect((await verifySession(store, token, minutes(1)))?.access).toEqual(access);
    expect(JSON.stringify(await store.db.selectFrom('sessions').selectAll().execute())).not.toContain(token);
    await setDuty(store, 'wang', { role: 'viewer', district: '4304' });
    expect((await verifySession(store, token, minutes(1)))?.access).toMatchObject({ role: 'viewer', office: null });
    expect(await verifySession(store, `${token}x`, minutes(1))).toBeNull();
  });

  it('end after two hours in which nothing is asked, and after twelve in any case', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    const idle = await openSession(store, 'wang', minutes(0));
    const used = await openSession(store, 'wang', minutes(0));
    for (let n = 0; n < 719; n += 60) expect(await verifySession(store, used.token, minutes(n))).not.toBeNull();
    expect(await verifySession(store, used.token, minutes(720))).toBeNull();
    expect(await verifySession(store, idle.token, minutes(120))).toBeNull();
    expect(await verifySession(store, idle.token, minutes(1))).toBeNull();
  });

  it.each<[string, (store: Store, token: string) => Promise<void>]>([
    ['log-out', (store, token) => endSession(store, token)],
    ['disabling', (store) => disableUser(store, 'wang', minutes(1))],
    ['a reset', (store) => resetPassword(store, 'wang', 'given by the office', cost)],
    ['a new password', async (store) => changePassword(store, await userNamed(store, 'wang'), 'another password')],
  ])('end with %s, for good', async (_what, act) => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    const { token } = await openSession(store, 'wang', minutes(0));
    await act(store, token);
    expect(await verifySession(store, token, minutes(1))).toBeNull();
    await enableUser(store, 'wang');
    expect(await verifySession(store, token, minutes(1))).toBeNull();
  });

  it('are not opened by who is disabled, with the same words as for a wrong password', async () => {
    const store = await openFresh();
    await addUser(store, wang, minutes(0));
    await disableUser(store, 'wang', minutes(0));
    const message = (name: string) =>
      logIn(store, { name, password, address: 'a' }, minutes(0)).catch((error: Error) => error.message);
    expect(await message('wang')).toBe(await message('nobody'));
    expect(await message('wang')).toContain('Name or password is wrong');
  });
});

describeOnBothStores('the first administrator', (openFresh) => {
  const chief = { name: 'chief', password: 'chosen by the chief', cost };
  it('makes an account with the offered token, once, also of two at once', async () => {
    const store = await openFresh();
    const token = (await offerFirstAdmin(store, minutes(0)))!;
    const both = await Promise.allSettled(
      ['chief', 'other'].map((name) => makeFirstAdmin(store, token, { ...chief, name }, minutes(1))),
    );
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.db.selectFrom('users').select(['role', 'district', 'mustChange']).execute()).toEqual([
      { role: 'admin', district: '', mustChange: 0 },
    ]);
    expect(await offerFirstAdmin(store, minutes(2))).toBeNull();
  });

  it('may correct a weak password, but comes too late after a day, after a newer offer, or with a guess', async () => {
    const store = await openFresh();
    const old = (await offerFirstAdmin(store, minutes(0)))!;
    const token = (await offerFirstAdmin(store, minutes(0)))!;
    const code = (used: string, minute: number, word = chief.password) =>
      makeFirstAdmin(store, used, { ...chief, password: word }, minutes(minute)).then(
        () => 'made',
        (error: { code: string }) => error.code,
      );
    expect(await code(old, 1)).toBe('unauthenticated');
    expect(await code('', 1)).toBe('unauthenticated');
    expect(await code(token, 24 * 60)).toBe('unauthenticated');
    expect(await code(token, 1, 'short')).toBe('bad-input');
    expect(await code(token, 1)).toBe('made');
  });
});
