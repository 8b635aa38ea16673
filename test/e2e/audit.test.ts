import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../services/store/open.ts';
import { insertReads } from '../../services/store/reads.ts';
import { tuban } from '../support/command-line.ts';
import { plantPatch } from '../support/patches.ts';
import { takeSteps } from '../support/steps.ts';
import { liftTriggers, remove } from '../support/tampering.ts';

let home: string;
let id: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tuban-audit-'));
  const store = await openStore({ sqlite: join(home, 'tuban.db') });
  id = await plantPatch(store);
  await takeSteps(store, id, 'warn acknowledge');
  const read = { actor: 'li', what: 'patch', filter: `/patches/${id}`, rows: 1 };
  await insertReads(store.db, [
    { ...read, patch: id, at: '2025-07-01T16:00:00.000Z' },
    { ...read, patch: 'other', at: '2025-07-02T16:00:00.000Z' },
  ]);
  await store.close();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const audit = (...args: string[]) => tuban(['audit', ...args, '--home', home]);

describe('tuban audit', () => {
  it('anchors the record and verifies it by the file, then says that its end was cut off', async () => {
    const anchored = await audit('anchor', '--json');
    const file = join(home, '锚点.json');
    writeFileSync(file, anchored.stdout);
    const whole = await audit('verify', '--anchor', file);
    expect(whole).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/锚点 anchors: 一致.*\(2\)[\s\S]*完整 whole/),
    });
    const store = await openStore({ sqlite: join(home, 'tuban.db') });
    await liftTriggers(store);
    await remove(store, [3]);
    await store.close();
    const cut = await audit('verify', '--anchor', JSON.parse(anchored.stdout).hash);
    expect(cut.exitCode).toBe(1);
    expect(cut.stdout).toMatch(/锚点 anchors: 2 \/ 2 不符[\s\S]*event 3 is gone[\s\S]*已被改动 TAMPERED WITH/);
    expect(cut.stdout).toContain(`图斑 patch ${id}: state is 'acknowledged', by its events 'warned'`);
    expect(JSON.parse((await audit('verify', '--json')).stdout)).toMatchObject({ ok: false, firstBroken: 3 });
  });

  it('tells who read what, by local days', async () => {
    const rows = JSON.parse((await audit('reads', '--from', '2025-07-02', '--to', '2025-07-02', '--json')).stdout);
    expect(rows).toMatchObject([{ patch: id, actor: 'li' }]);
    const number = id.replace('patch-', '');
    expect((await audit('reads', '--patch', number)).stdout).toMatch(new RegExp(`人员 actor[\\s\\S]*li +patch +${id}`));
    expect(JSON.parse((await audit('reads', '--actor', 'nobody', '--json')).stdout)).toEqual([]);
  });

  it('refuses in one line what it cannot use', async () => {
    expect(await audit('verify', '--anchor', 'nowhere.json')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(
        /^tuban: nowhere\.json: wanted a file with an anchor, or a hash of 64 hex digits; [^\n]*\n$/,
      ),
    });
    expect(await audit('verify', '--from', '0')).toMatchObject({ exitCode: 2 });
    expect(await audit('reads', '--from', '2025-02-30')).toMatchObject({ exitCode: 2 });
  });
});
