import { rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scene } from '../../../imagery/scene.ts';
import { tuban } from '../../support/command-line.ts';
import { gridBox, PlantedWorkspace, plantedGrid } from '../../support/planted-workspace.ts';
import { dumpOf } from '../../support/store-dump.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

const built = [{ x: 224_600, y: 2_999_000, width: 200, height: 160 }];

let planted: PlantedWorkspace;
let scenes: Scene[];
let workspace: PlantedWorkspace;

beforeAll(async () => {
  planted = await PlantedWorkspace.create();
  await planted.layer('districts', { '430421': gridBox(plantedGrid, 50) });
  scenes = [await planted.scene('2024-05-20', { seed: 1 }), await planted.scene('2024-06-20', { seed: 2, built })];
});
beforeEach(async () => {
  workspace = await planted.fork();
});
afterEach(() => workspace.remove());
afterAll(() => planted.remove());

const run = (...more: string[]) =>
  tuban(['run', '--month', '2024-06', '--home', workspace.home, '--workers', '1', ...more]);

/** Holds a run at a moment when it has the lock and is not writing. */
async function heldRun(): Promise<TubanProcess> {
  const process = new TubanProcess(['run', '--month', '2024-06', '--home', workspace.home, '--workers', '1']);
  const { db } = workspace.store;
  for (;;) {
    const [lock] = await db.selectFrom('locks').selectAll().execute();
    if (lock) {
      process.child.kill('SIGSTOP');
      const isFree = await sql`begin immediate`.execute(db).then(
        () => sql`rollback`.execute(db).then(() => true),
        () => false,
      );
      if (isFree) return process;
      process.child.kill('SIGCONT');
    }
    await sleep(5);
  }
}

describe('a month that is run again', () => {
  it('says the same and changes nothing, not even a time', async () => {
    const first = await run('--json');
    const before = await dumpOf(workspace.store, { withTimes: true });
    const second = await run('--json');
    expect(second).toEqual(first);
    expect(JSON.parse(first.stdout)).toMatchObject({ month: '2024-06', issued: 1 });
    expect(await dumpOf(workspace.store, { withTimes: true })).toEqual(before);
  });

  it('tells by what it was compared, which nobody had to say, and refuses what no method is called', async () => {
    const { stdout } = await run();
    expect(stdout).toMatch(/^method cva, 1 pair: 4 optical bands: change vectors, /m);
    const unknown = await run('--method', 'magic');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toMatch(/'magic' is invalid.*auto, cva, irmad/s);
    expect((await run('--method', 'index:nbr')).stderr).toMatch(/index:nbr wants band S2, got B,G,R,N\.\n$/);
  });

  it('is done at once: no image is opened', async () => {
    await run();
    const away = `${scenes[1].path}.away`;
    await rename(scenes[1].path, away);
    expect((await run()).exitCode).toBe(0);
    await rename(away, scenes[1].path);
  });
});

describe('a month while another process runs it', () => {
  it('is refused in one line that names who holds it, and the other run is not disturbed', async () => {
    const held = await heldRun();
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      new RegExp(`^tuban: The lock 'monthly-run' is held by process ${held.child.pid} on \\S+ since \\S+\\.\\n$`),
    );
    held.child.kill('SIGCONT');
    expect(await held.ended).toBe(0);
    expect(held.stdout).toContain('1 detections: 1 issued');
  });

  it('is taken over from one that was killed', async () => {
    const held = await heldRun();
    expect(await held.stop('SIGKILL')).toBe('SIGKILL');
    expect(await workspace.store.db.selectFrom('locks').selectAll().execute()).toHaveLength(1);
    expect((await run()).exitCode).toBe(0);
    expect(await workspace.store.db.selectFrom('locks').selectAll().execute()).toEqual([]);
  });
});

describe('a month that cannot be run', () => {
  const refused = async (month: string, line: string) => {
    const before = await dumpOf(workspace.store, { withTimes: true });
    const { exitCode, stdout, stderr } = await tuban(['run', '--month', month, '--home', workspace.home]);
    expect([exitCode, stdout, stderr]).toEqual([2, '', `tuban: ${line}\n`]);
    expect(await dumpOf(workspace.store, { withTimes: true })).toEqual(before);
  };

  it('has no image', () => refused('2024-07', 'Month 2024-07: no scene of it was added.'));

  it('has nothing before it to compare with', () =>
    refused('2024-05', 'Month 2024-05: no scene from before it was added; wanted one to compare with.'));

  it('lacks the file of an image', async () => {
    const [, after] = scenes;
    const away = `${after.path}.away`;
    await rename(after.path, away);
    await refused(
      '2024-06',
      `${after.path}: is missing, and scene ${after.id} of 2024-06-20 was added from it; wanted it back, or added again from where it lies now.`,
    );
    await rename(away, after.path);
  });
});

describe('a month into which an image comes later', () => {
  it('gets its findings at the end of the queue; what people have done stays as it is', async () => {
    await run();
    const [patch] = await workspace.store.db.selectFrom('patches').selectAll().execute();
    const more = await planted.scene('2024-06-28', {
      seed: 3,
      built: [...built, { x: 225_600, y: 2_998_600, width: 160, height: 160 }],
    });
    const facts = ['--date', '2024-06-28', '--sensor', 'planted', '--bands', 'B,G,R,N', '--home', workspace.home];
    expect((await tuban(['scenes', 'add', more.path, ...facts])).exitCode).toBe(0);
    const { stdout } = await run('--json');
    expect(JSON.parse(stdout)).toMatchObject({ scenes: 2, issued: 1, known: 1 });
    const queue = await workspace.store.db.selectFrom('patches').selectAll().orderBy('number').execute();
    expect(queue.map(({ number }) => number)).toEqual(['4304212024060001', '4304212024060002']);
    expect(queue[0]).toEqual(patch);
    await rm(more.path);
  });
});
