import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dutiesOf } from '../../../services/people/duties.ts';
import { importPersons } from '../../../services/people/import-persons.ts';
import { dutyEntries } from '../../../services/store/duties.ts';
import { plantGrids } from '../../support/grids.ts';
import { describeOnBothStores } from '../../support/stores.ts';

describeOnBothStores('A list of persons', (openFresh) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tuban-persons-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const entering = { actor: 'wang', at: new Date('2025-07-02T01:00:00Z') };
  const file = async (content: string | Uint8Array) => {
    await writeFile(join(folder, 'list.csv'), content);
    return join(folder, 'list.csv');
  };

  it('is entered once, with byte order mark and all; what is wrong refuses it whole', async () => {
    const store = await openFresh();
    await plantGrids(store, [{ code: '430421101', box: [112.4, 26.8, 112.6, 27] }]);
    const head = '\ufeff姓名,职责,网格,区划,起,止,电话\n';
    const good = `${head}张三,镇级田长,430421101,,2025年1月1日,,138\n\n李四,网格员,,430421102,2025/3/1,2025-12-31,\n`;
    expect(await importPersons(store, await file(good), entering)).toEqual({ rows: 2, added: 2 });
    expect(await importPersons(store, await file(good), entering)).toEqual({ rows: 2, added: 0 });
    expect(dutiesOf(await dutyEntries(store.db))).toMatchObject([
      {
        person: '张三',
        duty: 'field-chief',
        grid: '430421101',
        district: '430421',
        fromDay: '2025-01-01',
        phone: '138',
      },
      { person: '李四', duty: 'patroller', grid: null, district: '430421102', toDay: '2025-12-31', phone: null },
    ]);
    for (const [row, message] of [
      ['王五,书记,,4304,,,', /list\.csv, row 3: wanted a duty, one of 田长, 网格员, 承办人; got '书记'/],
      ['王五,田长,G9,,,,', /wanted the code of a grid of the layer grids; got 'G9'/],
      ['王五,田长,,,,,', /row 3: wanted a grid or a district/],
      ['王五,田长,,4304,昨天,,', /row 3: wanted a day in 起; got '昨天'/],
      ['王五,田长,,4304,,,,,', /wanted 7 columns as in the header; got 9 in row 3/],
    ] as const) {
      const bad = await file(`${head}赵六,田长,,4304,,,\n${row}\n`);
      await expect(importPersons(store, bad, entering)).rejects.toThrow(message);
    }
    expect(await dutyEntries(store.db)).toHaveLength(2);
  });

  it('is read in GBK', async () => {
    const store = await openFresh();
    // 姓名,职责,区划 / 王五,田长,430421
    const gbk = Buffer.from('d0d5c3fb2cd6b0d4f02cc7f8bbae0acdf5cee52cccefb3a42c3433303432310a', 'hex');
    expect(await importPersons(store, await file(gbk), entering)).toEqual({ rows: 1, added: 1 });
    expect(dutiesOf(await dutyEntries(store.db))).toMatchObject([{ person: '王五', duty: 'field-chief' }]);
  });
});
