import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pixelGrid } from '../../../imagery/grid.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { SourceCache } from '../../../services/detection/source-cache.ts';
import { temporaryFolder } from '../../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

const grid = pixelGrid(64, 64);
const whole = { column: 0, row: 0, width: 64, height: 64 };
const caches: SourceCache[] = [];

function cache(mostOpen?: number): SourceCache {
  const made = new SourceCache(mostOpen);
  caches.push(made);
  return made;
}

afterEach(() => Promise.all(caches.splice(0).map((made) => made.close())));

function scene(name: string, crs: string | null = null) {
  return { id: name, path: temporary.path(`${name}.tif`), bandCount: 1, grid: { ...grid, crs } };
}

beforeAll(async () => {
  const samples = Uint16Array.from({ length: 64 * 64 }, (_, i) => (i * 7919) % 65_536);
  for (const name of ['a', 'b', 'c', 'damaged']) {
    await writeTiff(temporary.path(`${name}.tif`), grid, [samples], { tileSize: 32 });
  }
  // The last tile's bytes are no longer deflate's.
  const bytes = readFileSync(temporary.path('damaged.tif'));
  bytes.fill(0xff, bytes.length - 40);
  writeFileSync(temporary.path('damaged.tif'), bytes);
});

/** How many files of the test's folder this process holds open (Linux). */
function openFiles(): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return ''; // the folder listing's own
    }
  });
  return targets.filter((target) => target.startsWith(temporary.path('.').replace(/\/\.?$/, ''))).length;
}

describe('files kept open', () => {
  it('are opened once', async () => {
    const sources = cache();
    expect(await sources.open(scene('a'))).toBe(await sources.open(scene('a')));
  });

  it.skipIf(process.platform !== 'linux')(
    'are closed when others came since, the least recently used first',
    async () => {
      const sources = cache(2);
      const a = await sources.open(scene('a'));
      await sources.open(scene('b'));
      await sources.open(scene('a'));
      await sources.open(scene('c'));
      expect(openFiles()).toBe(2);
      expect(await sources.open(scene('a'))).toBe(a);
      await sources.close();
      expect(openFiles()).toBe(0);
    },
  );

  it('are tried again after they could not be opened', async () => {
    const sources = cache();
    await expect(sources.open(scene('late'))).rejects.toMatchObject({ code: 'file-missing' });
    writeFileSync(temporary.path('late.tif'), readFileSync(temporary.path('a.tif')));
    expect((await sources.open(scene('late'))).info.bandCount).toBe(1);
  });

  it('lie where the scene says, when they name no CRS themselves', async () => {
    const source = await cache().open(scene('b', 'EPSG:4547'));
    expect(source.info.grid.crs).toBe('EPSG:4547');
    expect((await source.read({ ...whole, column: 5 })).grid).toMatchObject({ crs: 'EPSG:4547', originX: 5 });
  });
});

describe('what could not be decoded', () => {
  it('is unobserved, and said once', async () => {
    const sources = cache();
    const { mask } = await (await sources.open(scene('damaged'))).read(whole);
    expect(mask[0]).toBe(1);
    expect(mask[64 * 64 - 1]).toBe(0);
    expect(sources.takeDamage()).toEqual([expect.stringMatching(/damaged\.tif/)]);
    expect(sources.takeDamage()).toEqual([]);
  });
});
