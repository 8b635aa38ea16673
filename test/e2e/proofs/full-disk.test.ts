import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../services/audit/verify.ts';
import { problemIn, startService } from '../../api/server/service.ts';
import { type Ending, Kills } from '../../support/kills.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { type Dump, dumpOf } from '../../support/store-dump.ts';
import {
  batchCommands,
  closeCommand,
  issueCommand,
  layerCommand,
  look,
  plantJune,
  runCommand,
  type WritingCommand,
} from './writing-commands.ts';

const KIB = 1024;
/** So much is free when a command begins: from nothing to what most of it fits into. */
const FREE = [0, 32, 96, 200].map((kib) => kib * KIB);
const NOW = '2025-07-08T03:00:00.000Z';

let folder: string;
let kills: Kills;
let planted: PlantedWorkspace;
const commands: Record<string, WritingCommand> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tuban-full-'));
  kills = await Kills.at(NOW);
  planted = await PlantedWorkspace.create();
  const [taken, matched] = await batchCommands(folder);
  for (const command of [issueCommand, closeCommand, await layerCommand(folder), taken, matched]) {
    commands[command.name] = command;
  }
  commands['run'] = await runCommand(planted);
});
afterAll(async () => {
  await kills.remove();
  await planted.remove();
  await rm(folder, { recursive: true, force: true });
});

let disk: SmallDisk;
let home: string;
beforeEach((context) => {
  const mounted = SmallDisk.mounted(32);
  if (typeof mounted === 'string') {
    console.log(`SKIPPED: full and read-only disks: ${mounted}.`);
    return context.skip(mounted);
  }
  disk = mounted;
  home = join(disk.path, 'home');
});
afterEach(() => disk?.remove());

const allOf = (at: string): Promise<Dump> => look(at, (store) => dumpOf(store, { withTimes: true }));

/** One line, without a stack, that names the store or the file. */
function expectRefused({ ended, stderr }: Ending, reason: RegExp, where: string): void {
  expect(ended, `${where}: ${stderr}`).toBe(1);
  expect(stderr.trim().split('\n'), where).toHaveLength(1);
  expect(stderr, where).toMatch(reason);
  expect(stderr, where).toContain(home);
}

const NAMES = ['issue', 'close', 'import of a layer', 'import of a batch', 'match of a batch', 'run'];

describe.each(NAMES)('the %s', (name) => {
  it('on a full disk says so in one line, and goes on when there is room', { timeout: 300_000 }, async () => {
    const { prepare, args } = commands[name];
    const prepared = join(folder, `${name} on a full disk`);
    await prepare(prepared);
    await cp(prepared, home, { recursive: true });
    expect((await kills.whole(args(home))).ended).toBe(0);
    const end = await allOf(home);
    let refused = 0;
    for (const free of FREE) {
      const where = `${name}, ${free / KIB} KiB free`;
      await rm(home, { recursive: true });
      await cp(prepared, home, { recursive: true });
      disk.fill(free);
      const first = await kills.whole(args(home));
      disk.makeRoom();
      if (first.ended !== 0) {
        refused++;
        expectRefused(first, /disk is full|cannot be written|cannot be read or written/, where);
      }
      expect((await look(home, (store) => verifyAudit(store))).ok, where).toBe(true);
      const again = await kills.whole(args(home));
      expect([again.ended, again.stderr], where).toEqual([0, '']);
      expect(await allOf(home), where).toEqual(end);
    }
    expect(refused, name).toBeGreaterThan(1);
  });

  it('on a read-only disk says so in one line, and changes nothing', { timeout: 120_000 }, async () => {
    const { prepare, args } = commands[name];
    await prepare(home);
    const before = await allOf(home);
    disk.setReadOnly(true);
    expectRefused(await kills.whole(args(home)), /cannot be (written|opened)/, name);
    disk.setReadOnly(false);
    expect(await allOf(home)).toEqual(before);
    expect((await kills.whole(args(home))).ended).toBe(0);
  });
});

describe('a step by the API', () => {
  it('on a full disk is refused as a fault of the service, changes nothing, and is taken when there is room', async () => {
    await plantJune(home);
    const service = await startService({ location: { sqlite: join(home, 'tuban.db') } });
    const key = await service.bearer();
    const [{ id }] = await service.store.db.selectFrom('patches').select('id').orderBy('number').execute();
    const warn = () =>
      service.ask(`/patches/${id}/transitions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...key },
        body: JSON.stringify({ action: 'warn', note: '请核查' }),
      });
    disk.fill(0);
    const problem = await problemIn(await warn());
    expect(problem.status).toBeGreaterThanOrEqual(500);
    expect(JSON.stringify(problem)).not.toContain('SQLITE');
    disk.makeRoom();
    const steps = await service.store.db.selectFrom('events').select('id').where('subjectId', '=', id).execute();
    expect(steps).toHaveLength(1);
    expect((await warn()).status).toBe(200);
    expect((await verifyAudit(service.store)).ok).toBe(true);
    await service.store.close();
  });
});
