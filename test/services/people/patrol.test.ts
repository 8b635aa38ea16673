import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addClue } from '../../../services/field/clues/add-clue.ts';
import { circleAround } from '../../../services/field/clues/clue-place.ts';
import { addPatrols, isFinding } from '../../../services/people/add-patrols.ts';
import { importPatrols } from '../../../services/people/import-patrols.ts';
import { type PatrolQuestion, type PatrolSeen, patrolBefore, patrolFigures } from '../../../services/people/patrol.ts';
import { spanOf } from '../../../services/people/patrol-time.ts';
import { patrolsBefore } from '../../../services/people/patrols-before.ts';
import type { Store } from '../../../services/store/open.ts';
import { patchGrounds } from '../../../services/store/patch-grounds.ts';
import { listPatrols } from '../../../services/store/patrols.ts';
import { plantGrids } from '../../support/grids.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const onset = { lastUnchanged: '2025-05-20', firstChanged: '2025-06-18' };
const patrol = (day: string, given: Partial<PatrolSeen> = {}): PatrolSeen => {
  const place = { inGrid: true, distanceM: null, reported: false, isPoint: false };
  return { id: day, who: '王五', fromDay: day, toDay: day, ...place, ...given };
};
const answer = (question: Partial<PatrolQuestion>) =>
  patrolBefore({ onset, patrols: [], clues: [], ...question }).answer;

describe('a patrol before the image', () => {
  it.each<[string, Partial<PatrolQuestion>, string]>([
    ['that reported', { patrols: [patrol('2025-06-01', { reported: true })] }, 'reported'],
    ['that saw nothing', { patrols: [patrol('2025-06-01')] }, 'not-reported'],
    ['on the last day unchanged', { patrols: [patrol('2025-05-20')] }, 'not-reported'],
    ['on the day of the image', { patrols: [patrol('2025-06-18')] }, 'not-reported'],
    ['long before is none', { patrols: [patrol('2025-05-19')] }, 'no-patrol'],
    ['only after the image says nothing of before', { patrols: [patrol('2025-06-19')] }, 'not-known'],
    ['that nobody recorded is not known, never none', {}, 'not-known'],
    ['near by, in no grid', { patrols: [patrol('2025-06-01', { inGrid: false, distanceM: 40 })] }, 'not-reported'],
    ['elsewhere is not asked about', { patrols: [patrol('2025-06-01', { inGrid: false })] }, 'not-known'],
    [
      'that reported from a point farther away reported something else',
      { patrols: [patrol('2025-06-01', { isPoint: true, reported: true })] },
      'not-reported',
    ],
    [
      'that reported from a point there',
      { patrols: [patrol('2025-06-01', { isPoint: true, reported: true, distanceM: 12 })] },
      'reported',
    ],
    ['whose finding came in as a clue', { clues: [{ id: 'c', who: '王五', day: '2025-06-02' }] }, 'reported'],
    ['whose clue came after the image', { clues: [{ id: 'c', who: '王五', day: '2025-07-02' }] }, 'not-known'],
    [
      'is not known where nobody knows since when',
      { onset: { ...onset, lastUnchanged: null }, patrols: [patrol('2025-06-01')] },
      'not-known',
    ],
  ])('%s', (_, question, wanted) => expect(answer(question)).toBe(wanted));

  it('is told the same in any order, and one more record never takes a report away', () => {
    const day = fc.integer({ min: 1, max: 60 }).map((i) => new Date(Date.UTC(2025, 4, i)).toISOString().slice(0, 10));
    const some = fc
      .record({ day, reported: fc.boolean(), inGrid: fc.boolean(), near: fc.boolean(), isPoint: fc.boolean() })
      .map(({ day: on, near, ...rest }) => patrol(on, { ...rest, distanceM: near ? 5 : null }));
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), some, (patrols, more) => {
        expect(answer({ patrols: patrols.toReversed() })).toBe(answer({ patrols }));
        const rank = ['not-known', 'no-patrol', 'not-reported', 'reported'];
        expect(rank.indexOf(answer({ patrols: [...patrols, more] }))).toBeGreaterThanOrEqual(
          rank.indexOf(answer({ patrols })),
        );
      }),
      { seed: 52, numRuns: 500 },
    );
  });

  it('is counted so that the four add up', () => {
    const rows = (['reported', 'no-patrol', 'not-known', 'not-known'] as const).map((each) => ({
      key: 'g',
      name: 'G',
      answer: each,
    }));
    expect(patrolFigures(rows)).toEqual([
      { key: 'g', name: 'G', patches: 4, reported: 1, notReported: 0, noPatrol: 1, notKnown: 2 },
    ]);
  });
});

describe('what records say', () => {
  it('of times is read in Chinese time, a day as all of it', () => {
    expect(spanOf('2025/6/5')).toEqual({ fromAt: '2025-06-04T16:00:00.000Z', toAt: '2025-06-05T15:59:59.999Z' });
    expect(spanOf('2025年6月5日 9:30', '2025-06-05T03:00Z')).toEqual({
      ...{ fromAt: '2025-06-05T01:30:00.000Z', toAt: '2025-06-05T03:00:00.000Z' },
    });
    for (const wrong of ['2025-06-31', '5 June', '', '2025-06-05 25:00']) expect(spanOf(wrong)).toBeNull();
    expect(spanOf('2025-06-05', '2025-06-04')).toBeNull();
  });

  it('of findings: what people write when there was nothing is none', () => {
    expect(['', '无', '未发现问题', '正常', 'None'].map(isFinding)).toEqual([false, false, false, false, false]);
    expect(['新建房屋', '堆土'].map(isFinding)).toEqual([true, true]);
  });
});

describeOnBothStores('Patrols', (openFresh) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-patrols-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const file = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const now = new Date('2025-07-02T01:00:00Z');
  const answers = async (store: Store) =>
    (await patrolsBefore(store.db, await patchGrounds(store.db, {}), '2025-06-30')).map(({ grid, finding }) => [
      ...[grid?.code ?? null, finding.answer],
    ]);

  it('are in the grids that their tracks cross, and near what they pass', async () => {
    const store = await openFresh();
    await plantGrids(store, [
      { code: 'A', level: 'town', box: [112.49, 26.89, 112.51, 26.91] },
      { code: 'B', level: 'town', box: [112.52, 26.89, 112.54, 26.91] },
    ]);
    await plantPatch(store);
    expect(await answers(store)).toEqual([['A', 'not-known']]);
    const track = (lon: number, lat: number) =>
      ({
        type: 'LineString',
        coordinates: [
          [lon, lat],
          [lon + 0.001, lat],
        ],
      }) as const;
    const add = (day: string, given: object) =>
      addPatrols(
        store,
        [{ who: '王五', ...spanOf(day)!, place: null, grid: null, seen: '', reported: null, ...given }],
        {
          ...{ source: 'entered', at: now },
        },
      );
    // In the other grid, and far away.
    await add('2025-06-01', { place: track(112.53, 26.9), seen: '堆土' });
    expect(await answers(store)).toEqual([['A', 'not-known']]);
    // A corner of the grid, too early; then in time; then with a report.
    await add('2025-04-01', { place: track(112.4895, 26.909) });
    expect(await answers(store)).toEqual([['A', 'no-patrol']]);
    await add('2025-06-02', { grid: 'A' });
    expect(await answers(store)).toEqual([['A', 'not-reported']]);
    // A point with a finding, in the grid but a kilometre off, is about something else.
    await add('2025-06-03', { place: { type: 'Point', coordinates: [112.509, 26.909] }, seen: '新建房屋' });
    expect(await answers(store)).toEqual([['A', 'not-reported']]);
    await add('2025-06-03', { place: { type: 'Point', coordinates: [112.502, 26.9] }, seen: '新建房屋' });
    expect(await answers(store)).toEqual([['A', 'reported']]);
  });

  it('that came in as clues count as reported', async () => {
    const store = await openFresh();
    await plantPatch(store);
    const seen = { text: '在建房屋', at: new Date('2025-06-10T02:00:00Z'), unchangedOn: null, type: 'built' } as const;
    const geometry = circleAround([112.5005, 26.9003], 30);
    await addClue(store, { source: 'public', who: '某', ...seen, geometry }, now);
    expect(await answers(store)).toEqual([[null, 'not-known']]);
    await addClue(store, { source: 'patrol', who: '王五', ...seen, geometry }, now);
    expect(await answers(store)).toEqual([[null, 'reported']]);
  });

  it('are taken in from CSV, in GBK too, and GeoJSON, all or none and once', async () => {
    const store = await openFresh();
    const utf8 =
      '巡查人,时间,网格,经度,纬度,发现\r\n王五,2025-06-05 10:00,430421101,,,"新建房屋, 两栋"\r\n赵六,2025/6/6,,112.5,26.9,无\r\n';
    // 王五 and 网格 as a Chinese spreadsheet writes them.
    const gbk = Buffer.concat([
      ...[Buffer.from([0xd1, 0xb2, 0xb2, 0xe9, 0xc8, 0xcb]), Buffer.from(','), Buffer.from([0xca, 0xb1, 0xbc, 0xe4])],
      ...[Buffer.from(','), Buffer.from([0xcd, 0xf8, 0xb8, 0xf1]), Buffer.from('\n')],
      ...[Buffer.from([0xcd, 0xf5, 0xce, 0xe5]), Buffer.from(',2025-06-07,430421101\n')],
    ]);
    const geojson = JSON.stringify({
      type: 'FeatureCollection',
      features: [
        {
          ...{ type: 'Feature', properties: { who: '钱七', at: '2025-06-08', seen: '堆土' } },
          geometry: {
            type: 'LineString',
            coordinates: [
              [112.5, 26.9, 80],
              [112.51, 26.9, 81],
            ],
          },
        },
      ],
    });
    expect(await importPatrols(store, await file('a.csv', utf8), now)).toEqual({ rows: 2, added: 2 });
    expect(await importPatrols(store, await file('a.csv', utf8), now)).toEqual({ rows: 2, added: 0 });
    expect(await importPatrols(store, await file('b.csv', gbk), now)).toEqual({ rows: 1, added: 1 });
    expect(await importPatrols(store, await file('c.geojson', geojson), now)).toEqual({ rows: 1, added: 1 });
    expect((await listPatrols(store.db)).map(({ who, seen, reported, grid }) => [who, seen, reported, grid])).toEqual([
      ['王五', '新建房屋, 两栋', 1, '430421101'],
      ['赵六', '无', 0, null],
      ['王五', '', 0, '430421101'],
      ['钱七', '堆土', 1, null],
    ]);
    for (const [text, message] of [
      ['巡查人,时间,网格\n王五,2025-06-05,A\n王五,gestern,A\n', /d\.csv, record 2: wanted a time .*; got 'gestern'/],
      ['巡查人,时间,网格\n王五,2025-06-05,\n', /wanted a place \(经度, 纬度\) or a grid/],
      ['巡查人,时间,网格\n王五,2026-06-05,A\n', /needs a time that is past/],
      ['巡查人,时间,经度,纬度\n王五,2025-06-05,26.9,112.5\n', /wanted degrees in 经度 and 纬度; got '26.9, 112.5'/],
      ['巡查人,时间\n"王五,2025-06-05\n', /the quoted text that begins in line 2 has no end/],
    ] as const) {
      await expect(importPatrols(store, await file('d.csv', text), now)).rejects.toThrow(message);
    }
    expect(await listPatrols(store.db)).toHaveLength(4);
  });
});
