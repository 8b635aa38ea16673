import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { listLayers } from '../../../services/store/layers.ts';
import { withLock } from '../../../services/store/locks.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { parcelRing } from '../../fixtures/layers.ts';
import { tuban, tubanJson } from '../../support/command-line.ts';
import { TubanProcess } from '../../support/tuban-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'tuban-zones-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PARCELS = 60_000;

function parcels(name: string, count: number): string {
  const path = join(folder, name);
  const lines = Array.from({ length: count }, (_, i) => {
    const coordinates = [parcelRing(112 + (i % 300) / 300, 26 + i / count)];
    return JSON.stringify({
      ...{ type: 'Feature', properties: { BSM: `P${i}`, DLMC: '水田' } },
      geometry: { type: 'Polygon', coordinates },
    });
  });
  writeFileSync(path, lines.join('\n'));
  return path;
}

const take = (path: string, home: string, ...more: string[]) => [
  ...['zones', 'import', path, '--layer', 'farmland', '--valid-from', '2025-01-01', '--home', join(folder, home)],
  ...['--workers', '1', ...more],
];

async function homeOf(name: string): Promise<Store> {
  mkdirSync(join(folder, name));
  return openStore({ sqlite: join(folder, name, 'tuban.db') });
}

/** Zones that an import has put in so far. */
async function soFar({ db }: Store): Promise<number> {
  return (await listLayers(db))[0]?.featureCount ?? 0;
}

async function exported(home: string): Promise<unknown> {
  const out = join(folder, `${home}.csv`);
  return tubanJson('zones', 'export', 'farmland', out, '--wkt', '--home', join(folder, home));
}

describe('an import of many parcels', () => {
  const many = parcels('many.geojsonl', PARCELS);

  it('killed in the middle shows nothing, goes on when it is asked for again, and ends as if nothing had been', async () => {
    const store = await homeOf('killed');
    const begun = new TubanProcess(take(many, 'killed'));
    while ((await soFar(store)) === 0) await sleep(5);
    await begun.stop('SIGKILL');
    expect(await soFar(store)).toBeLessThan(PARCELS);
    await store.close();
    const early = await tuban(['zones', 'export', 'farmland', join(folder, 'x.csv'), '--home', join(folder, 'killed')]);
    expect([early.exitCode, early.stderr]).toEqual([2, expect.stringMatching(/^tuban: There is no layer farmland/)]);
    const again = await tubanJson(...take(many, 'killed'));
    expect(again).toMatchObject({ features: PARCELS, alreadyImported: false });
    expect(again.resumedFrom).toBeGreaterThan(0);
    expect(await exported('killed')).toMatchObject({ features: PARCELS });
  });

  it('is refused in one line while another one is under way', async () => {
    const store = await homeOf('two');
    const few = parcels('few.geojsonl', 10);
    await withLock(store.db, 'zones-import', new Date('2026-01-05T01:00:00Z'), async () => {
      const second = await tuban(take(few, 'two'));
      expect([second.exitCode, second.stdout]).toEqual([2, '']);
      expect(second.stderr).toMatch(/^tuban: The lock 'zones-import' is held by process \d+ on .*\.\n$/);
    });
    expect(await soFar(store)).toBe(0);
    await store.close();
  });
});

describe('what is wrong with a request', () => {
  it('is said in one line with exit code 2, and nothing is kept', async () => {
    const path = parcels('plain.geojsonl', 10);
    const wrong: [string[], string][] = [
      [['--crs', 'EPSG:4526'], 'its coordinates are degrees (112 / 26): give --crs EPSG:4490'],
      [['--field', 'NOPE=DLBM'], 'has no field NOPE to rename; it has BSM, DLMC'],
      [['--id-field', 'NOPE'], 'has no field NOPE to take ids from; it has BSM, DLMC'],
      [['--district', 'Hengyang'], 'The scope "Hengyang" is no district'],
    ];
    for (const [more, line] of wrong) {
      const { exitCode, stdout, stderr } = await tuban(take(path, 'refused', ...more));
      expect([exitCode, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
      expect(stderr).toContain(line);
    }
    expect(await tubanJson('zones', 'list', '--home', join(folder, 'refused'))).toEqual([]);
  });
});
