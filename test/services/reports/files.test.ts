import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../services/canonical-json.ts';
import { periodOf } from '../../../services/reports/period.ts';
import { renderReport } from '../../../services/reports/render.ts';
import { drawReport, type Report } from '../../../services/reports/report.ts';
import { openStore, type Store } from '../../../services/store/open.ts';
import { osgeo, osgeoMissing } from '../../support/gdal-python.ts';
import { COUNTIES, plantPrefecture } from './prefecture.ts';

/** Every sheet as GDAL reads it: its rows of values, null where a cell is empty. */
const SHEETS = `
from osgeo import ogr
ogr.UseExceptions()
gdal.SetConfigOption('OGR_XLSX_HEADERS', 'DISABLE')
gdal.SetConfigOption('OGR_XLSX_FIELD_TYPES', 'AUTO')
sheets = {}
source = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR)
for k in range(source.GetLayerCount()):
    layer = source.GetLayer(k)
    wide = layer.GetLayerDefn().GetFieldCount()
    sheets[layer.GetName()] = [
        [f.GetField(i) if f.IsFieldSetAndNotNull(i) else None for i in range(wide)] for f in layer]
print(json.dumps(sheets))
`;

/** Pages, and of each the share of its pixels that are not white, in ten bands from top to bottom. */
const PAGES = `
pages = []
while True:
    try:
        page = gdal.OpenEx('PDF:%d:%s' % (len(pages) + 1, sys.argv[1]), open_options=['DPI=60'])
    except RuntimeError:
        break
    ink = page.ReadAsArray().min(axis=0) < 200
    pages.append([float(band.mean()) for band in np.array_split(ink, 10)])
print(json.dumps(pages))
`;

let store: Store;
let folder: string;
let report: Report;

beforeAll(async () => {
  store = await openStore({ sqlite: ':memory:' });
  folder = await mkdtemp(join(tmpdir(), 'tuban-report-'));
  await plantPrefecture(store, 11, 0.5);
  report = await drawReport(store, periodOf('year', '2025'), '', new Date('2025-08-20T02:00:00Z'));
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(osgeoMissing)('A report as a file', () => {
  it('has in XLSX, as GDAL reads it, every cell of JSON: numbers whole, Chinese as it is', async () => {
    const path = join(folder, 'year.xlsx');
    await writeFile(path, await renderReport(report, 'xlsx'));
    const sheets = Object.values(JSON.parse(osgeo(SHEETS, path)) as Record<string, (string | number | null)[][]>);
    expect(sheets).toHaveLength(report.tables.length + 1);
    let numbers = 0;
    for (const [k, { columns, rows, id }] of report.tables.entries()) {
      const [head, ...body] = sheets[k + 1];
      expect(head, id).toEqual(columns.map(({ title }) => title.zh.replace('\n', ' ')));
      expect(body, id).toHaveLength(rows.length);
      for (const [r, row] of rows.entries()) {
        for (const [c, { id: name }] of columns.entries()) {
          const [wanted, got] = [row[name], body[r][c]];
          const where = `${id} ${r} ${name}`;
          if (typeof wanted === 'number') {
            // A column with words in it comes back as text.
            expect(Number(got), where).toBe(wanted);
            numbers++;
          } else if (wanted === null) expect(got, where).toBeNull();
          else expect(got, where).toBe(typeof wanted === 'object' ? wanted.zh : wanted);
        }
      }
    }
    expect(numbers).toBeGreaterThan(600);
  });

  it('has the ranking of fourteen districts on the second page and nothing of it on the third', async () => {
    const ranking = report.tables.find(({ id }) => id === 'ranking')!;
    expect(ranking.rows).toHaveLength(COUNTIES.length);
    const path = join(folder, 'year.pdf');
    const pages = async (of: Report): Promise<number[][]> => {
      await writeFile(path, await renderReport(of, 'pdf'));
      return JSON.parse(osgeo(PAGES, path)) as number[][];
    };
    const whole = await pages(report);
    // Every page has something on it, the ranking's down to its end.
    for (const bands of whole) expect(bands.some((ink) => ink > 0.01)).toBe(true);
    expect(whole[1].slice(1, 9).every((ink) => ink > 0.005)).toBe(true);
    const without = await pages({ ...report, tables: report.tables.filter(({ id }) => id !== 'ranking') });
    expect(whole.length - without.length).toBe(1);
    expect(whole.at(-1)).not.toEqual(whole.at(-2));
  });

  it('says on page one that it does not balance', async () => {
    const path = join(folder, 'marked.pdf');
    const firstPage = async (of: Report) => {
      await writeFile(path, await renderReport(of, 'pdf'));
      return (JSON.parse(osgeo(PAGES, path)) as number[][])[0];
    };
    expect(await firstPage({ ...report, balanced: false, failed: 2 })).not.toEqual(await firstPage(report));
  });

  it('is the same bytes of the same report, and of the key order of its JSON', async () => {
    for (const format of ['json', 'xlsx', 'pdf'] as const) {
      const [a, b] = [await renderReport(report, format), await renderReport(structuredClone(report), format)];
      expect(Buffer.from(a).equals(Buffer.from(b)), format).toBe(true);
    }
    expect(Buffer.from(await renderReport(report, 'json')).toString()).toBe(`${canonicalJson(report)}\n`);
  });
});
