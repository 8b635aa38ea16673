import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transformer } from '../../../imagery/crs.ts';
import { type Grid, windowGrid } from '../../../imagery/grid.ts';
import { planMonth } from '../../../services/month/plan.ts';
import { insertLayer } from '../../../services/store/layers.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { addScene } from '../../../services/store/scenes.ts';
import { layerRow, sceneRow } from '../../support/rows.ts';

/** 1 m tiles in the 3° zone of 114°E. */
const tile: Grid = {
  width: 1024,
  height: 1024,
  crs: 'EPSG:4547',
  originX: 389_000,
  originY: 3_012_000,
  pixelWidth: 1,
  pixelHeight: -1,
};
/** The tile so many whole tiles and pixels to the right and down. */
const moved = (columns: number, rows: number, px = 0): Grid =>
  windowGrid(tile, { column: columns * 1024 + px, row: rows * 1024 + px, width: 1024, height: 1024 });

let store: Store;

beforeEach(async () => {
  store = await openStore({ sqlite: ':memory:' });
});
afterEach(() => store.close());

async function scene(id: string, date: string, grid: Grid, bands = ['B', 'G', 'R', 'N']): Promise<void> {
  const file = { id, sha256: id.padEnd(64, '0'), path: `${id}.tif` };
  await addScene(
    store.db,
    sceneRow({ ...file, date, gridJson: JSON.stringify(grid), bandsJson: JSON.stringify(bands) }),
  );
}

describe('what a month is compared on', () => {
  it('is the lattice that most of its scenes share, wide enough to hold every one of them', async () => {
    const coarse: Grid = { ...tile, width: 700, height: 512, pixelWidth: 2, pixelHeight: -2, originX: 388_500 };
    await scene('before', '2024-06-15', tile);
    await scene('a', '2024-07-20', tile);
    await scene('b', '2024-07-21', moved(2, 1));
    await scene('c', '2024-07-22', coarse);
    const { grid } = await planMonth(store, '2024-07', 'cva');
    expect(grid).toMatchObject({ crs: 'EPSG:4547', pixelWidth: 1, pixelHeight: -1 });
    // From the coarse scene's corner, and the pixel it is blurred over, to the far corner of tile b.
    expect([grid.originX, grid.originY]).toEqual([388_500 - 1, 3_012_000 + 1]);
    expect(grid.originX + grid.width).toBe(389_000 + 3 * 1024);
    expect(grid.originY - grid.height).toBe(3_012_000 - 2 * 1024);
  });

  it('takes the finer pixels where as many scenes have the one as the other', async () => {
    await scene('before', '2024-06-15', tile);
    await scene('a', '2024-07-20', { ...tile, width: 512, height: 512, pixelWidth: 2, pixelHeight: -2 });
    await scene('b', '2024-07-21', tile);
    expect((await planMonth(store, '2024-07', 'cva')).grid.pixelWidth).toBe(1);
  });

  it('holds a scene of another zone and one in lon/lat to their corners', async () => {
    const toZone = (crs: string): Grid => {
      const [x, y] = transformer('EPSG:4547', crs)(391_500, 3_011_000);
      const step = crs === 'EPSG:4490' ? 1e-5 : 1;
      return { ...tile, crs, width: 400, height: 300, originX: x, originY: y, pixelWidth: step, pixelHeight: -step };
    };
    const others = [toZone('EPSG:4548'), toZone('EPSG:4490')];
    await scene('before', '2024-06-15', tile);
    await scene('a', '2024-07-20', tile);
    await scene('b', '2024-07-20', moved(1, 0));
    for (const [i, grid] of others.entries()) await scene(`other-${i}`, '2024-07-20', grid);
    const { grid, cells } = await planMonth(store, '2024-07', 'cva');
    for (const other of others) {
      const place = transformer(other.crs as string, 'EPSG:4547');
      for (const [right, down] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ]) {
        const [x, y] = place(
          other.originX + right * other.width * other.pixelWidth,
          other.originY + down * other.height * other.pixelHeight,
        );
        expect((x - grid.originX) / grid.pixelWidth).toBeGreaterThanOrEqual(0);
        expect((x - grid.originX) / grid.pixelWidth).toBeLessThanOrEqual(grid.width);
        expect((y - grid.originY) / grid.pixelHeight).toBeLessThanOrEqual(grid.height);
      }
    }
    expect(cells.some(({ afterIds }) => afterIds.includes('other-0') && afterIds.includes('other-1'))).toBe(true);
  });

  it('is compared in the bands that all its scenes have; a scene that shares none is not looked up', async () => {
    await scene('before', '2024-06-15', tile, ['R', 'G', 'B']);
    await scene('radar', '2024-06-16', tile, ['VV']);
    await scene('after', '2024-07-20', tile);
    const { roles, befores } = await planMonth(store, '2024-07', 'cva');
    expect(roles).toEqual(['B', 'G', 'R']);
    expect(befores.map(({ id }) => id)).toEqual(['before']);
  });

  it('looks nothing up in a scene that shares only the band of the air, or one that nobody named', async () => {
    await scene('before', '2024-06-15', tile, ['B', 'G', 'R']);
    await scene('swir', '2024-06-16', tile, ['A', 'X', 'S1']);
    await scene('after', '2024-07-20', tile, ['A', 'B', 'G', 'R', 'X']);
    const { roles, befores } = await planMonth(store, '2024-07', 'cva');
    expect(roles).toEqual(['B', 'G', 'R']);
    expect(befores.map(({ id }) => id)).toEqual(['before']);
  });

  it('is refused by name where no earlier scene shares a band', async () => {
    await scene('radar', '2024-06-16', tile, ['VV']);
    await scene('after', '2024-07-20', tile);
    await expect(planMonth(store, '2024-07', 'cva')).rejects.toThrow(/^radar\.tif: bands VV share no role/);
  });
});

describe('the cells of a month', () => {
  it('lie only where a scene of the month does, and know which scenes show them, latest first', async () => {
    await scene('old-1', '2024-06-14', tile);
    await scene('old-2', '2024-06-15', tile);
    await scene('old-far', '2024-06-15', moved(7, 7));
    await scene('left', '2024-07-20', tile);
    await scene('left-later', '2024-07-25', tile);
    await scene('right', '2024-07-21', moved(3, 0));
    await scene('next-month', '2024-08-01', moved(1, 0));
    const { grid, cells } = await planMonth(store, '2024-07', 'cva');
    expect([grid.width, grid.height]).toEqual([4096, 1024]);
    expect(cells.map(({ window, afterIds, beforeIds }) => [window.column, afterIds, beforeIds])).toEqual([
      [0, ['left-later', 'left'], ['old-2', 'old-1']],
      [3072, ['right'], []],
    ]);
  });

  it('are judged first on the latest look at each part, against the latest before', async () => {
    await scene('old-1', '2024-06-14', tile);
    await scene('old-2', '2024-06-15', tile);
    await scene('old-neighbour', '2024-06-16', moved(1, 0, -3));
    await scene('new-1', '2024-07-20', tile);
    await scene('new-2', '2024-07-25', tile);
    const { cells } = await planMonth(store, '2024-07', 'cva');
    expect(cells.map(({ mainPairs }) => mainPairs)).toEqual([[{ beforeId: 'old-2', afterId: 'new-2' }]]);
  });

  it('look the same ground up in six earlier scenes at most; tiles beside each other do not count', async () => {
    const quarter = (column: number, row: number): Grid => {
      return windowGrid(tile, { column: 512 * column, row: 512 * row, width: 512, height: 512 });
    };
    const dates = Array.from({ length: 8 }, (_, i) => `2024-0${1 + Math.floor(i / 2)}-${i % 2 ? 20 : 10}`);
    for (const date of dates) {
      for (const [i, grid] of [quarter(0, 0), quarter(1, 0), quarter(0, 1), quarter(1, 1)].entries()) {
        await scene(`${date}-${i}`, date, grid);
      }
    }
    await scene('after', '2024-07-20', tile);
    const { cells } = await planMonth(store, '2024-07', 'cva');
    const looks = Object.groupBy(cells[0].beforeIds, (id) => id.slice(-1));
    for (const ids of Object.values(looks)) expect(ids?.map((id) => id.slice(0, 10))).toEqual(dates.slice(2).reverse());
    expect(Object.keys(looks)).toHaveLength(4);
    // Each quarter on its latest earlier look.
    expect(cells[0].mainPairs.map(({ beforeId }) => beforeId.slice(0, 10))).toEqual(Array(4).fill(dates[7]));
  });
});

describe('a month that cannot be compared', () => {
  it('is refused in a line that says which scene is wanted', async () => {
    await expect(planMonth(store, '2024-07', 'cva')).rejects.toThrow('Month 2024-07: no scene of it was added.');
    await scene('after', '2024-07-20', tile);
    await expect(planMonth(store, '2024-07', 'cva')).rejects.toMatchObject({
      code: 'month-empty',
      message: 'Month 2024-07: no scene from before it was added; wanted one to compare with.',
    });
  });
});

describe('the id of a run', () => {
  const idOf = async (method: 'cva' | 'irmad' = 'cva') => (await planMonth(store, '2024-07', method)).id;

  it('stays with the same inputs and is another with other ones', async () => {
    await scene('before', '2024-06-15', tile);
    await scene('after', '2024-07-20', tile);
    const first = await idOf();
    expect(await idOf()).toBe(first);
    expect(await idOf('irmad')).not.toBe(first);
    await insertLayer(store.db, layerRow({ validFrom: '2024-07-31' }));
    const withLayer = await idOf();
    expect(withLayer).not.toBe(first);
    await scene('after-2', '2024-07-21', tile);
    expect(await idOf()).not.toBe(withLayer);
  });

  it('is not touched by what says nothing of the month: later scenes, ground far away, layers that begin later', async () => {
    await scene('before', '2024-06-15', tile);
    await scene('after', '2024-07-20', tile);
    const first = await idOf();
    await scene('later', '2024-08-01', tile);
    await scene('far', '2024-06-20', moved(9, 9));
    await insertLayer(store.db, layerRow({ validFrom: '2024-08-01' }));
    expect(await idOf()).toBe(first);
  });
});
