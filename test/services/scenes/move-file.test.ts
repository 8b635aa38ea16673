import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveFile } from '../../../services/scenes/move-file.ts';

/** Another file system than that of temporary files, on most Linux. */
const otherDisk = '/dev/shm';
const device = async (path: string) => (await stat(path).catch(() => null))?.dev;
const hasOtherDisk = ![undefined, await device(tmpdir())].includes(await device(otherDisk));
if (!hasOtherDisk) console.log(`SKIPPED: ${otherDisk} is no other file system: moving between two is not tried.`);

describe.each(['one file system', 'two file systems'])('a file moved within %s', (kind) => {
  const skip = kind !== 'one file system' && !hasOtherDisk;
  let source: string;
  let target: string;
  beforeEach(async () => {
    source = await mkdtemp(join(tmpdir(), 'tuban-move-'));
    target = await mkdtemp(join(kind === 'one file system' ? tmpdir() : otherDisk, 'tuban-move-'));
    await writeFile(join(source, 'a'), 'ground');
  });
  afterEach(async () => {
    for (const folder of [source, target]) await rm(folder, { recursive: true });
  });
  const move = () => moveFile(join(source, 'a'), join(target, 'deep', 'a'));
  const arrived = async () => {
    expect(await readdir(source)).toEqual([]);
    expect(await readdir(join(target, 'deep'))).toEqual(['a']);
    expect(await readFile(join(target, 'deep', 'a'), 'utf8')).toBe('ground');
  };

  it.skipIf(skip)('is there, whole, and no longer here; doing it again changes nothing', async () => {
    expect(await move()).toBe(true);
    await arrived();
    expect(await move()).toBe(true);
    await arrived();
  });

  it.skipIf(skip)('is finished where a killed process left it half copied, or in both places', async () => {
    await move();
    await writeFile(join(source, 'a'), 'ground');
    expect(await move()).toBe(true);
    await arrived();
    if (kind === 'one file system') return;
    await rm(join(target, 'deep', 'a'));
    await writeFile(join(source, 'a'), 'ground');
    await writeFile(join(target, 'deep', '.a.part'), 'gro');
    await move();
    await arrived();
  });

  it.skipIf(skip)('replaces no other file', async () => {
    await move();
    await writeFile(join(source, 'a'), 'another');
    await expect(move()).rejects.toMatchObject({ code: 'busy' });
    expect(await readFile(join(source, 'a'), 'utf8')).toBe('another');
    expect(await readFile(join(target, 'deep', 'a'), 'utf8')).toBe('ground');
  });

  it.skipIf(skip)('that is nowhere is said to be', async () => {
    await rm(join(source, 'a'));
    expect(await move()).toBe(false);
  });
});
