import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KeyGrant } from '../../../services/access/keys.ts';
import { RunDesk } from '../../../services/month/run-desk.ts';
import { RunLog } from '../../../services/month/run-log.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { problemIn, startService, type TestService } from './service.ts';

const built = [{ x: 224_600, y: 2_999_000, width: 200, height: 160 }];
const moment = new Date('2024-07-01T18:00:00Z');

describe('the desk at which months are run', () => {
  let planted: PlantedWorkspace;
  let workspace: PlantedWorkspace;
  let service: TestService;
  let desk: RunDesk;
  beforeAll(async () => {
    planted = await PlantedWorkspace.create();
    await planted.layer('districts', { '430421': gridBox(plantedGrid, 50) });
    await planted.scene('2024-05-20', { seed: 1 });
    await planted.scene('2024-06-20', { seed: 2, built });
  });
  afterAll(() => planted.remove());
  beforeEach(async () => {
    workspace = await planted.fork();
    const log = new RunLog(workspace.path('logs/runs.ndjson'));
    desk = new RunDesk(workspace.store, { workers: 1, now: () => moment, clock: () => moment, log });
    const services = { runs: desk, schedule: { cron: '0 2 1 * *', reach: 'open' as const } };
    service = await startService({ simulated: false, location: { sqlite: workspace.path('tuban.db') }, services });
  });
  afterEach(async () => {
    await desk.close();
    await service.store.close();
    await workspace.remove();
  });

  const ask = async (path: string, grant: Partial<KeyGrant> = { role: 'admin' }, body?: object) => {
    const headers = { ...(await service.bearer(grant)), 'Content-Type': 'application/json' };
    const post = body && { method: 'POST', body: JSON.stringify(body) };
    return service.ask(path, { headers, ...post });
  };
  const shown = async () => (await ask('/run-desk')).json();
  const ended = async () => {
    while (desk.current !== null) await new Promise((resolve) => setTimeout(resolve, 20));
    return shown();
  };

  it('says what would be compared before anything is', async () => {
    const plan = await (await ask('/run-desk/plan?month=2024-06', { role: 'reviewer' })).json();
    expect(plan.afters.map(({ date }: { date: string }) => date)).toEqual(['2024-06-20']);
    expect(plan.befores.map(({ date }: { date: string }) => date)).toEqual(['2024-05-20']);
    expect(plan).toMatchObject({ month: '2024-06', bands: ['B', 'G', 'R', 'N'], layers: [{ name: 'districts' }] });
    expect((await problemIn(await ask('/run-desk/plan?month=2023-01'))).code).toBe('month-empty');
  });

  it('runs a month, one at a time, and writes down who began it and what came of it', async () => {
    expect((await ask('/run-desk', { role: 'admin' }, { month: '2024-06' })).status).toBe(202);
    expect((await problemIn(await ask('/run-desk', { role: 'admin' }, { month: '2024-06' }))).code).toBe('busy');
    const { running, lines } = await ended();
    expect(running).toBeNull();
    expect(lines[0]).toEqual({ at: moment.toISOString(), month: '2024-06', what: 'started', text: 'desk' });
    expect(
      lines.filter(({ what }: { what: string }) => what === 'stage').map(({ text }: { text: string }) => text),
    ).toEqual(expect.arrayContaining(['estimate', 'compare', 'queue']));
    expect(lines.at(-1)).toMatchObject({ what: 'done', text: '1 detections, 1 issued' });
    const { patches } = await (await ask('/patches?month=2024-06')).json();
    expect(patches).toHaveLength(1);
    expect((await (await ask('/run-desk?month=2024-05')).json()).lines).toEqual([]);
  });

  it('stops a run and goes on with it later', async () => {
    await ask('/run-desk', { role: 'admin' }, { month: '2024-06' });
    expect((await (await ask('/run-desk/stop', { role: 'admin' }, {})).json()).running.stopping).toBe(true);
    const { lines } = await ended();
    expect(lines.at(-1)).toMatchObject({
      what: 'failed',
      text: expect.stringMatching(/stopped; .+ the next start goes on there/),
    });
    await ask('/run-desk', { role: 'admin' }, { month: '2024-06' });
    expect((await ended()).lines.at(-1)).toMatchObject({ what: 'done' });
    const nothing = await problemIn(await ask('/run-desk/stop', { role: 'admin' }, {}));
    expect(nothing.detail).toBe('Only a run under way is stopped; there is none.');
  });

  it('tells of a run in another process on the same database', async () => {
    const row = { name: 'monthly-run', owner: `elsewhere:1:0`, takenAt: moment.toISOString() };
    await service.store.db.insertInto('locks').values(row).execute();
    expect((await shown()).elsewhere).toEqual({ holder: 'elsewhere', since: moment.toISOString() });
  });

  it('is read by reviewers, worked by administrators, and not for one county', async () => {
    expect((await ask('/run-desk', { role: 'reviewer' })).status).toBe(200);
    for (const grant of [{ role: 'viewer' }, { role: 'admin', district: '430421' }] as const) {
      for (const path of ['/run-desk', '/run-desk/plan?month=2024-06', '/schedule']) {
        expect((await problemIn(await ask(path, grant))).code).toBe('forbidden');
      }
      expect((await problemIn(await ask('/run-desk', grant, { month: '2024-06' }))).code).toBe('forbidden');
    }
    expect((await problemIn(await ask('/run-desk', { role: 'reviewer' }, { month: '2024-06' }))).code).toBe(
      'forbidden',
    );
    expect(desk.current).toBeNull();
  });

  it('tells the schedule and the months that its next tick would run', async () => {
    const schedule = await (await ask('/schedule')).json();
    expect(schedule).toMatchObject({ cron: '0 2 1 * *', reach: 'open', next: null, due: ['2025-06'] });
  });
});
