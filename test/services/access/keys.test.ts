import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maySee, mintKey, requireRole, verifyKey } from '../../../services/access/keys.ts';
import { listKeys, revokeKey } from '../../../services/store/keys.ts';
import { openStore, type Store } from '../../../services/store/open.ts';

const now = new Date('2025-04-01T00:00:00Z');
const grant = { name: 'county desk', role: 'reviewer', district: '430402', expiresAt: null } as const;

describe('keys', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ sqlite: ':memory:' });
  });
  afterAll(() => store.close());

  it('gives the bearer the access it was minted with', async () => {
    const { key } = await mintKey(store, grant, now);
    expect(await verifyKey(store, key, now)).toEqual({
      ...{ actor: 'county desk', role: 'reviewer', district: '430402' },
      office: { level: 'county', duty: 'reviewer', district: '430402' },
    });
  });

  it('is 32 random bytes, and only its hash is stored', async () => {
    const { key } = await mintKey(store, grant, now);
    expect(Buffer.from(key, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(await listKeys(store.db))).not.toContain(key);
  });

  it.each([
    ['viewer', '430402', undefined, null],
    ['field', '430402003', undefined, 'town field'],
    ['handler', '4304', undefined, 'city handler'],
    ['reviewer', '', undefined, 'province reviewer'],
    ['reviewer', '', 'city', 'city reviewer'],
    ['admin', '430402', undefined, 'county reviewer'],
  ] as const)('gives a %s of %j with level %s the office of %s', async (role, district, level, wanted) => {
    const { key } = await mintKey(store, { ...grant, role, district, level }, now);
    const { office } = await verifyKey(store, key, now);
    expect(office && `${office.level} ${office.duty}`).toBe(wanted);
  });

  it('ends at its expiry to the millisecond', async () => {
    const expiresAt = new Date('2025-04-02T00:00:00Z');
    const { key } = await mintKey(store, { ...grant, expiresAt }, now);
    expect(await verifyKey(store, key, new Date('2025-04-01T23:59:59.999Z'))).toMatchObject({ role: 'reviewer' });
    await expect(verifyKey(store, key, expiresAt)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('ends when it is revoked', async () => {
    const { id, key } = await mintKey(store, grant, now);
    await revokeKey(store.db, id, now);
    await expect(verifyKey(store, key, now)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('tells unknown, revoked and expired keys apart to nobody', async () => {
    const { id, key } = await mintKey(store, grant, now);
    await revokeKey(store.db, id, now);
    const revoked = await verifyKey(store, key, now).catch((error: Error) => error.message);
    const unknown = await verifyKey(store, 'A'.repeat(43), now).catch((error: Error) => error.message);
    expect(revoked).toBe(unknown);
  });

  it('is refused with a district that is no district code', async () => {
    await expect(mintKey(store, { ...grant, district: '4304%' }, now)).rejects.toThrow("got '4304%'");
    await expect(mintKey(store, { ...grant, name: ' ' }, now)).rejects.toThrow('A key needs a name');
  });
});

describe('access', () => {
  it('lets each role do what the lower ones may, and no more', () => {
    const access = { actor: 'a', role: 'reviewer', district: '', office: null } as const;
    expect(() => requireRole(access, 'viewer')).not.toThrow();
    expect(() => requireRole(access, 'reviewer')).not.toThrow();
    expect(() => requireRole(access, 'admin')).toThrow('needs a key with the role admin; this one has reviewer');
  });

  it('sees the rows under its district prefix and no others', () => {
    const city = { actor: 'a', role: 'viewer', district: '4304', office: null } as const;
    expect(maySee(city, '430402')).toBe(true);
    expect(maySee(city, '430302')).toBe(false);
    expect(maySee({ ...city, district: '' }, '430302')).toBe(true);
  });
});
