import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rememberHashesIn, sceneHash } from '../../imagery/file-hash.ts';
import { temporaryFolder } from '../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

let cache: string;
let path: string;
let count = 0;

beforeEach(() => {
  cache = temporary.path(`cache-${++count}`);
  path = temporary.path(`image-${count}.bin`);
  writeFileSync(path, Buffer.alloc(100_000, count));
  rememberHashesIn(cache);
  // A file just written is never trusted: these tests look at it a minute later.
  vi.setSystemTime(Date.now() + 60_000);
});
afterEach(() => {
  vi.useRealTimers();
  rememberHashesIn(null);
});

const trueHash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const entries = () => readdirSync(join(cache, 'hashes'));
/** Makes the folder say what is not so: whoever returns it has not read the file. */
function plant(sha256 = 'ab'.repeat(32)): string {
  const [entry] = entries().map((name) => join(cache, 'hashes', name));
  writeFileSync(entry, JSON.stringify({ ...JSON.parse(readFileSync(entry, 'utf8')), sha256 }));
  return sha256;
}

describe('the hash of a file', () => {
  it('is sha256 of its bytes, however many, with and without a folder to remember it in', async () => {
    for (const bytes of [0, 1, 4 * 2 ** 20, 4 * 2 ** 20 + 1, 9_000_001]) {
      writeFileSync(path, Buffer.alloc(bytes, 'ground'));
      for (const folder of [null, cache]) {
        rememberHashesIn(folder);
        expect(await sceneHash(path)).toBe(trueHash(path));
      }
    }
  });

  it('is remembered: the second time the file is not read', async () => {
    expect(await sceneHash(path)).toBe(trueHash(path));
    expect(await sceneHash(path)).toBe(trueHash(path));
    const planted = plant();
    expect(await sceneHash(path)).toBe(planted);
    expect(await sceneHash(path, { anew: true })).toBe(trueHash(path));
  });

  it('is remembered for less than 5 ms of work', async () => {
    await sceneHash(path);
    const times: number[] = [];
    for (let i = 0; i < 21; i++) {
      const began = performance.now();
      await sceneHash(path);
      times.push(performance.now() - began);
    }
    expect(times.sort((a, b) => a - b)[10]).toBeLessThan(5);
  });

  it.each<[string, () => void]>([
    ['written with as many bytes and its old times', () => rewrite(path)],
    ['replaced by another file of its size and times', () => replace(path)],
    ['made longer', () => writeFileSync(path, 'more', { flag: 'a' })],
    ['only touched', () => utimesSync(path, new Date(), new Date())],
  ])('is taken again of a file that was %s', async (_, change) => {
    await sceneHash(path);
    plant();
    change();
    expect(await sceneHash(path)).toBe(trueHash(path));
  });

  it('is each path its own', async () => {
    await sceneHash(path);
    const other = `${path}.other`;
    writeFileSync(other, 'other ground');
    expect(await sceneHash(other)).toBe(trueHash(other));
    expect(entries()).toHaveLength(2);
  });
});

describe('a file changed within the last 2 s', () => {
  it('is hashed each time, for its next change might bear the same stamp', async () => {
    const { mtimeMs } = statSync(path);
    vi.setSystemTime(mtimeMs + 1900);
    await sceneHash(path);
    expect(() => entries()).toThrow('ENOENT');
    vi.setSystemTime(mtimeMs + 2100);
    await sceneHash(path);
    expect(entries()).toHaveLength(1);
  });

  it('is not trusted by an entry of that moment either', async () => {
    await sceneHash(path);
    const [entry] = entries().map((name) => join(cache, 'hashes', name));
    const planted = { ...JSON.parse(readFileSync(entry, 'utf8')), sha256: 'ab'.repeat(32) };
    writeFileSync(entry, JSON.stringify({ ...planted, hashedAt: statSync(path).mtimeMs + 1000 }));
    expect(await sceneHash(path)).toBe(trueHash(path));
  });
});

describe('the folder', () => {
  it.each(['', '{"sha', 'null', '[]', '{"sha256":"no"}', '\0'.repeat(200)])('may hold damage: %j', async (damage) => {
    await sceneHash(path);
    writeFileSync(join(cache, 'hashes', entries()[0]), damage);
    expect(await sceneHash(path)).toBe(trueHash(path));
    expect(await sceneHash(path)).toBe(trueHash(path));
  });

  it('that cannot be made or written is gone without', async () => {
    const file = temporary.path(`no-folder-${count}`);
    writeFileSync(file, '');
    for (const place of [file, join(file, 'deeper'), '/dev/null/deeper']) {
      rememberHashesIn(place);
      expect(await sceneHash(path)).toBe(trueHash(path));
    }
    mkdirSync(cache);
    writeFileSync(join(cache, 'hashes'), 'a file where the folder should be');
    rememberHashesIn(cache);
    expect(await sceneHash(path)).toBe(trueHash(path));
  });

  it('is shared by processes at once, and none leaves a piece behind', async () => {
    utimesSync(path, new Date(0), new Date(0));
    const script = `
      const { rememberHashesIn, sceneHash } = await import(${JSON.stringify(new URL('../../imagery/file-hash.ts', import.meta.url))});
      const real = Date.now;
      Date.now = () => real() + 60_000;
      const [cache, path] = process.argv.slice(1);
      rememberHashesIn(cache);
      const hashes = new Set();
      for (let i = 0; i < 50; i++) hashes.add(await sceneHash(path)).add(await sceneHash(path + '.copy'));
      console.log([...hashes].join());`;
    copyFileSync(path, `${path}.copy`);
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, cache, path]);
    const printed = await Promise.all([run(), run(), run()]);
    expect(printed.map(({ stdout }) => stdout.trim())).toEqual(Array.from({ length: 3 }, () => trueHash(path)));
    expect(entries().filter((name) => !/^[0-9a-f]{32}\.json$/.test(name))).toEqual([]);
    expect(entries()).toHaveLength(2);
  });
});

it('what is no file is refused by name', async () => {
  const none = temporary.path('none.tif');
  await expect(sceneHash(none)).rejects.toMatchObject({
    code: 'file-missing',
    message: `${none}: wanted an image, but there is no such file.`,
  });
  await expect(sceneHash(temporary.path('.'))).rejects.toMatchObject({ code: 'not-a-file' });
});

/** As many other bytes, with the times of before. */
function rewrite(file: string): void {
  const { size, atimeMs, mtimeMs } = statSync(file);
  writeFileSync(file, Buffer.alloc(size, 'other'));
  utimesSync(file, atimeMs / 1000, mtimeMs / 1000);
}

function replace(file: string): void {
  copyFileSync(file, `${file}.new`);
  rewrite(`${file}.new`);
  renameSync(`${file}.new`, file);
}
