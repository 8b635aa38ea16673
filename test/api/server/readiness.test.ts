import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Readiness } from '../../../api/server/readiness.ts';
import { problemIn, startService, type TestService } from './service.ts';

describe('whether requests can be served', () => {
  let home: string;
  let service: TestService;
  let readiness: Readiness;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tuban-ready-'));
    readiness = new Readiness(home);
    service = await startService({ simulated: false, home, services: { readiness } });
  });
  afterEach(async () => {
    await service.store.close();
    await rm(home, { recursive: true, force: true });
  });

  const wrong = async () => {
    const response = await service.ask('/readyz');
    expect(response.headers.get('cache-control')).toBe('no-store');
    if (response.status === 200) return [];
    const { checks } = (await problemIn(response)) as unknown as { checks: Record<string, string> };
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    return Object.entries(checks).filter(([, told]) => told !== 'ok');
  };
  const alive = async () => (await service.ask('/healthz')).status;
  const schedule = (next: Date | null) => ({ next: () => next, stop: async () => {} });

  it('is not before all has begun, then is, and is not from the moment the end begins; the process lives throughout', async () => {
    expect([await wrong(), await alive()]).toEqual([[['process', 'starting']], 200]);
    readiness.serve();
    expect([await wrong(), await alive()]).toEqual([[], 200]);
    expect(await (await service.ask('/readyz')).json()).toEqual({
      status: 'ok',
      checks: { process: 'ok', database: 'ok', tables: 'ok', folder: 'ok', schedule: 'ok' },
    });
    readiness.stop();
    expect([await wrong(), await alive()]).toEqual([[['process', 'stopping']], 200]);
  });

  it('needs a database that answers', async () => {
    readiness.serve();
    await service.store.close();
    expect(await wrong()).toEqual([['database', 'does not answer']]);
    expect(await alive()).toBe(200);
  });

  it('needs the tables of this version, older and newer ones refused', async () => {
    readiness.serve();
    const { db } = service.store;
    const told = [['tables', 'are of another version of the program']];
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(db);
    expect(await wrong()).toEqual(told);
    await sql`delete from kysely_migration where name >= '9'`.execute(db);
    expect(await wrong()).toEqual([]);
    await sql`delete from kysely_migration where name like '0001%'`.execute(db);
    expect(await wrong()).toEqual(told);
  });

  it('needs a folder where photos and papers can be kept, or a place to make it', async () => {
    await service.store.close();
    const told = async (folder: string) => {
      readiness = new Readiness(folder).serve();
      service = await startService({ home, services: { readiness } });
      const found = await wrong();
      await service.store.close();
      return found;
    };
    const none = [['folder', 'cannot be written to']];
    expect(await told(join(home, 'new'))).toEqual([]);
    expect(await told(join(home, 'nowhere', 'new'))).toEqual(none);
    // Nobody, not even root, may write there.
    expect(await told('/proc/self')).toEqual(none);
    service = await startService();
  });

  it('needs a schedule that has a next tick, where one is wanted', async () => {
    readiness.serve(schedule(new Date(Date.now() + 60_000)));
    expect(await wrong()).toEqual([]);
    for (const next of [null, new Date(Date.now() - 600_000)]) {
      readiness.serve(schedule(next));
      expect(await wrong()).toEqual([['schedule', 'has stopped']]);
    }
  });
});
