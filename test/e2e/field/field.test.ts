import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { FieldDevice } from '../../support/field-device.ts';
import { photo } from '../../support/photos.ts';

let home: string;
const device = new FieldDevice();
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-field-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('a report becomes a patch, a signed photo its evidence, and both come and go as packages', async () => {
  const at = (name: string) => join(home, name);
  const field = (...args: string[]) => tubanJson('field', ...args, '--home', home);
  const report = ['--source', 'patrol', '--who', '张三', '--text', '平整土地', '--at', '114.2,27.1', '--type', 'bare'];
  const clue = await field('clue', 'add', ...report, '--unchanged-on', '2026-01-01');
  expect(clue).toMatchObject({ opened: 1, source: 'patrol', photos: [] });

  await writeFile(at('key.pem'), device.publicKey);
  expect(await field('device', 'add', 'phone', '--key', at('key.pem'))).toMatchObject({ id: device.id });
  const bytes = await photo(1, { focal35mm: 26, software: 'P60 1.0' });
  await writeFile(at('a.jpg'), bytes);
  const said = { lon: 114.2, lat: 27.0991, azimuth: 0, at: new Date(Date.now() - 60_000).toISOString() };
  await writeFile(at('a.json'), JSON.stringify(device.reading(bytes, said)));
  const [added] = await field('add', clue.patchId, at('a.jpg'), '--taken-by', '李四', '--reading', at('a.json'));

  const [checked] = await field('check', clue.patchId);
  const outcome = (name: string) => checked.photos[0].results.find(({ check }: { check: string }) => check === name);
  expect(outcome('distance')).toMatchObject({ outcome: 'passed', figures: { accuracyM: 4 } });
  expect(outcome('direction')).toMatchObject({ outcome: 'passed' });
  expect(outcome('share').figures.share).toBeCloseTo(1, 9);
  expect(outcome('after-issue')).toMatchObject({ outcome: 'cannot-be-told', zh: '任务尚未下发' });

  await field('show', added.id, '-o', at('preview.jpg'));
  expect(await sharp(await readFile(at('preview.jpg'))).metadata()).toMatchObject({ width: 480, height: 360 });

  expect(await field('pack', '--district', '000000', '-o', at('t.tubanpack'))).toMatchObject({ tasks: 1 });
  const items = [{ patch: clue.patchId, file: 'b.jpg', takenBy: '李四' }];
  await device.pack(at('e.tubanpack'), [{ name: 'b.jpg', bytes: await photo(2) }], items);
  expect((await field('unpack', at('e.tubanpack'))).photos).toMatchObject([{ isNew: true }]);
  expect(await field('list', clue.patchId)).toHaveLength(2);

  const { exitCode, stdout } = await tuban(['field', 'check', '--home', home]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('距图斑边界');
  const refused = await tuban(['field', 'unpack', at('t.tubanpack'), '--home', home]);
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  expect(refused.stderr).toMatch(/^tuban: .*wanted a package of evidence, got one of tasks\.\n$/);
}, 60_000);
