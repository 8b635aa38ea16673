import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Paper, printPdf } from '../../../services/print/paper.ts';
import { gdal, gdalMissing, temporaryFolder } from '../../support/gdal.ts';
import { pdfText } from '../../support/pdf-text.ts';
import { photo } from '../../support/photos.ts';

const meta = { title: '卫片执法月报', at: new Date('2026-11-02T01:00:00Z'), footer: '图斑' };
const print = (draw: (paper: Paper) => void, changed: { title?: string; mark?: string } = {}) =>
  printPdf({ ...meta, ...changed }, draw);
const textOf = (bytes: Uint8Array) => pdfText(bytes).pages.map((lines) => lines.join('\n'));

describe('a printed paper', () => {
  it('has the same bytes for the same drawing, and another file id for another one', async () => {
    const draw = (paper: Paper) => {
      paper.title('月报', '2026年10月');
      paper.bars({ title: '耕地', unit: '亩', bars: [{ label: '衡南县', value: 12.5, mark: '小县' }] });
      paper.lines({ title: '发现', labels: ['1月', '2月'], series: [{ name: '发现', values: [3, null] }] });
    };
    const [once, again] = [await print(draw), await print(draw)];
    expect(Buffer.compare(once, again)).toBe(0);
    const id = (bytes: Uint8Array) => /\/ID \[<(\w+)>/.exec(Buffer.from(bytes).toString('latin1'))![1];
    const other = await print((paper) => paper.title('月报', '2026年11月'));
    expect(id(once)).toMatch(/^[0-9a-f]{32}$/);
    expect(id(other)).not.toBe(id(once));
  });

  it('carries the date it is given, not that of today', async () => {
    const file = Buffer.from(await print((paper) => paper.paragraph('一'))).toString('latin1');
    expect(file.match(/\(D:[^)]*\)/g)).toEqual(['(D:20261102010000Z)', '(D:20261102010000Z)']);
  });

  it('can be read and copied: every letter, rare names and units too', async () => {
    const text = '垚犇㎡亩堃赟℃½×≤—…“”〔2026〕圳丨龘鱻喆祎旸淼𬱖';
    const bytes = await print((paper) => {
      paper.facts([['坐落', text]]);
      paper.heading(text);
    });
    const read = pdfText(bytes);
    expect(read.boxes).toBe(0);
    const all = read.pages.flat().join('');
    for (const char of '垚犇㎡亩堃赟龘鱻祎旸') expect(all.split(char).length - 1).toBe(2);
  });

  it('names by its code what the font has no letter for, and turns no text around', async () => {
    const read = pdfText(await print((paper) => paper.paragraph('甲\u202e乙\u0000丙\u{1f69c}丁\ud800')));
    expect(read.boxes).toBe(0);
    expect(read.pages[0][0]).toBe('甲乙 丙〔U+1F69C〕丁〔U+FFFD〕');
  });

  it('counts its pages and repeats the head of a table of 500 rows, each row once', async () => {
    const rows = Array.from({ length: 500 }, (_, k) => [
      `430422-2026-${String(k).padStart(6, '0')}`,
      `第${k}村`,
      `${k}.50`,
    ]);
    const bytes = await print((paper) =>
      paper.table({ columns: [{ title: '编号', width: 2 }, { title: '坐落' }, { title: '亩', align: 'right' }], rows }),
    );
    const pages = pdfText(bytes).pages;
    expect(pages.length).toBeGreaterThan(15);
    for (const [k, lines] of pages.entries()) {
      expect(lines).toContain(`第 ${k + 1} 页 共 ${pages.length} 页`);
      expect(lines).toContain('图斑');
      expect(lines.filter((line) => line === '编号')).toHaveLength(1);
    }
    const all = pages.flat();
    expect(all.filter((line) => line.startsWith('430422-'))).toEqual(rows.map(([number]) => number));
    expect(all.filter((line) => line.endsWith('.50'))).toEqual(rows.map(([, , value]) => value));
  });

  it('prints a cell that is longer than a page whole', async () => {
    const long = Array.from({ length: 3000 }, (_, k) => `条${k}`).join('');
    const table = {
      columns: [{ title: '编号', width: 0.2 }, { title: '说明' }],
      rows: [
        ['1', long],
        ['2', '完'],
      ],
    };
    for (const draw of [
      (paper: Paper) => paper.table(table),
      (paper: Paper) => paper.facts([['说明', long]]),
      (paper: Paper) => paper.paragraph(long),
    ]) {
      const pages = pdfText(await print(draw)).pages;
      expect(pages.length).toBeGreaterThan(2);
      const body = pages.flatMap((lines) => lines.filter((line) => /^(条?\d|条)/.test(line) && line.length > 3));
      expect(body.join('')).toContain(long.slice(0, 200));
      expect(body.join('')).toContain(long.slice(-200));
    }
  });

  it('keeps a heading with what it heads', async () => {
    for (let filled = 20; filled < 50; filled++) {
      const pages = textOf(
        await print((paper) => {
          for (let k = 0; k < filled; k++) paper.paragraph('满');
          paper.heading('排名');
          paper.bars({
            title: '耕地',
            bars: [
              { label: '衡南县', value: 1 },
              { label: '祁东县', value: 2 },
            ],
          });
        }),
      );
      expect(pages.find((page) => page.includes('排名'))).toContain('衡南县');
    }
  });

  it('marks every page of a draft', async () => {
    const pages = textOf(await print((paper) => [paper.newPage(), paper.newPage()], { mark: '草稿' }));
    expect(pages).toHaveLength(3);
    for (const page of pages) expect(page).toContain('草稿');
  });

  it('refuses a picture that is none, by name', async () => {
    const bytes = new TextEncoder().encode('no picture');
    await expect(print((paper) => paper.pictures([{ bytes }]))).rejects.toThrow(
      /Picture 1 of a row wants .* PNG or JPEG/,
    );
  });

  it('draws nothing outside the page and no value wrong where charts are empty or flat', async () => {
    const pages = textOf(
      await print((paper) => {
        paper.bars({ title: '空', bars: [] });
        paper.bars({
          title: '零',
          bars: [
            { label: '甲', value: 0 },
            { label: '乙', value: -3 },
          ],
        });
        paper.lines({ title: '无', labels: [], series: [] });
        paper.lines({ title: '缺', labels: ['1月'], series: [{ name: '甲', values: [null] }] });
        paper.table({ columns: [{ title: '编号' }], rows: [] });
        paper.facts([]);
        paper.pictures([]);
        paper.signature(['某局', '2026年11月2日']);
      }),
    );
    expect(pages.join('')).not.toMatch(/NaN|Infinity|undefined/);
    expect(pages.join('')).toContain('2026年11月2日');
  });
});

describe.skipIf(gdalMissing)('a printed paper, drawn by another program', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  it('shows ink where the text is, and white in its margins', async () => {
    const jpeg = await photo(1);
    const bytes = await print((paper) => {
      paper.title('关于核查的提示函');
      paper.paragraph('影像为线索，不作为认定依据。'.repeat(40));
      paper.pictures([
        { bytes: jpeg, caption: '前' },
        { bytes: jpeg, caption: '后' },
      ]);
    });
    writeFileSync(folder.path('paper.pdf'), bytes);
    gdal(
      'gdal_translate',
      '-q',
      '-of',
      'PNG',
      '--config',
      'GDAL_PDF_DPI',
      '72',
      folder.path('paper.pdf'),
      folder.path('paper.png'),
    );
    const grey = (x: number, y: number, width: number, height: number) => {
      const window = ['-srcwin', x, y, width, height].map(String);
      execFileSync('gdal_translate', ['-q', '-of', 'VRT', ...window, folder.path('paper.png'), folder.path('cut.vrt')]);
      const info = JSON.parse(gdal('gdalinfo', '-json', '-stats', folder.path('cut.vrt')));
      return Number(info.bands[0].metadata[''].STATISTICS_MEAN);
    };
    expect(grey(57, 68, 480, 30)).toBeLessThan(250);
    expect(grey(57, 130, 480, 100)).toBeLessThan(240);
    expect(grey(0, 0, 50, 840)).toBe(255);
    expect(grey(545, 0, 50, 840)).toBe(255);
  });
});
