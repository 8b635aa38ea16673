import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { estimateMapOfFile } from '../../../services/evaluation/sampled-map-file.ts';
import { temporaryFolder } from '../../support/gdal.ts';

const temporary = temporaryFolder();
afterAll(temporary.remove);

function written(name: string, content: string | Uint8Array): string {
  writeFileSync(temporary.path(name), content);
  return temporary.path(name);
}

const samples = [
  [66, 0, 5, 4],
  [0, 55, 8, 12],
  [1, 0, 153, 11],
  [2, 1, 9, 313],
];
const classes = ['deforestation', 'gain', 'forest', 'other'];
const hectares = [18_000, 13_500, 288_000, 580_500];
const rows = samples.map((counts, i) => `${classes[i]},${counts.join(',')},${hectares[i]}`);

describe('a file of sample counts', () => {
  it('as CSV gives the figures of Olofsson et al. 2014, areas in m²', async () => {
    const path = written('table8.csv', [`map,${classes.join(',')},area_ha`, ...rows].join('\n'));
    const { overallAccuracy, classes: estimates } = await estimateMapOfFile(path);
    expect(overallAccuracy.value.toFixed(3)).toBe('0.947');
    expect(Math.round(estimates[0].area.value / 1e4)).toBe(21_158);
    expect(Math.round(estimates[0].area.margin / 1e4)).toBe(6158);
  });

  it('is the same as JSON, in any unit, and with rows in any order', async () => {
    const csv = await estimateMapOfFile(written('a.csv', [`map,${classes},area_ha`, ...rows].join('\n')));
    const json = written('a.json', JSON.stringify({ classes, samples, areaHa: hectares }));
    expect(await estimateMapOfFile(json)).toEqual(csv);
    const mu = written('mu.json', JSON.stringify({ classes, samples, areaMu: hectares.map((area) => area * 15) }));
    expect((await estimateMapOfFile(mu)).classes[0].area.value).toBeCloseTo(csv.classes[0].area.value, 3);
    const shuffled = written('b.csv', [`map,${classes},area_ha`, ...rows.toReversed()].join('\r\n'));
    expect(await estimateMapOfFile(shuffled)).toEqual(csv);
  });

  it('may be what a Chinese spreadsheet writes: GBK, quoted names', async () => {
    // "耕地" (farmland) and "其他" (other) in GBK.
    const [farmland, other] = [Buffer.from([0xb8, 0xfb, 0xb5, 0xd8]), Buffer.from([0xc6, 0xe4, 0xcb, 0xfb])];
    const text = (...pieces: (string | Buffer)[]) => Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
    const table = text(
      'map,"',
      farmland,
      '",',
      other,
      ',area_km2\r\n',
      farmland,
      ',30,2,5\r\n"',
      other,
      '",1,60,95\r\n',
    );
    const { classes: estimates } = await estimateMapOfFile(written('gbk.csv', table));
    expect(estimates.map(({ name, mappedArea }) => [name, mappedArea])).toEqual([
      ['耕地', 5e6],
      ['其他', 95e6],
    ]);
  });
});

describe('a file that is no such table is refused in one line', () => {
  const head = 'map,a,b,area_ha';
  const cases: [said: string, content: string][] = [
    ['wanted a table of sample counts, got an empty file (0 bytes).', ''],
    ["wanted the mapped areas in a last column area_m2, area_ha, area_km2, area_mu, got 'area'.", 'map,a,b,area'],
    ['has no row for a.', head],
    ["wanted 2 counts and an area in the row 'a', got 2 cells.", `${head}\na,1,2\nb,3,4,5`],
    ["wanted rows for the classes a, b, got 'c'.", `${head}\nc,1,2,3`],
    ['has two rows for a.', `${head}\na,5,2,3\na,5,2,3`],
    ["wanted numbers in the row a, got 'five'.", `${head}\na,five,2,3`],
    ["wanted numbers in the row a, got ''.", `${head}\na,,2,3`],
    ['wanted at least 2 samples where a is mapped, got 0.', `${head}\na,0,0,3\nb,2,3,4`],
    ['wanted whole sample counts from 0 in the row of a, got 1.5.', `${head}\na,1.5,2,3\nb,2,3,4`],
    ['wanted the mapped areas as one of areaM2, areaHa, areaKm2, areaMu, got none.', '{"classes":["a"]}'],
    ['wanted classes as an array of names.', '{"areaHa":[1],"classes":"a"}'],
    ['wanted samples as an array of arrays of counts.', '{"areaHa":[1],"classes":["a"],"samples":[1]}'],
    ['wanted areaHa as an array of numbers.', '{"areaHa":["1"],"classes":["a"],"samples":[[1]]}'],
  ];

  it.each(cases)('%s', async (said, content) => {
    const path = written('broken', content);
    await expect(estimateMapOfFile(path)).rejects.toThrow(`${path}: ${said}`);
  });

  it('broken JSON, a missing file, a folder', async () => {
    const path = written('broken.json', '{"classes": [');
    await expect(estimateMapOfFile(path)).rejects.toThrow(/broken\.json: is not JSON \(.*\)\.$/);
    await expect(estimateMapOfFile('none.csv')).rejects.toThrow(
      'none.csv: wanted a table of sample counts, but there is no such file.',
    );
    await expect(estimateMapOfFile(temporary.path('.'))).rejects.toThrow(/but it cannot be read \(EISDIR\)\.$/);
  });
});
