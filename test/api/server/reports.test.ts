import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Read } from '../../../services/audit/read-log.ts';
import type { Report } from '../../../services/reports/report.ts';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

describe('A report by API', () => {
  let service: TestService;
  const reads: Read[] = [];

  beforeEach(async () => {
    reads.length = 0;
    service = await startService({ reads: { record: (read) => reads.push(read) } });
    await plantQueue(service.store);
  });
  afterEach(() => service.store.close());

  const found = (report: Report) =>
    report.tables
      .find(({ id }) => id === 'headline')!
      .rows.find(({ figure }) => (figure as { en: string }).en === 'patches found')!['now'];

  it('is JSON, XLSX or PDF, and its reading is noted', async () => {
    const answer = await service.ask('/reports/month/2025-06');
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const report = (await answer.json()) as Report;
    expect([found(report), report.status]).toEqual([3, 'open']);
    const xlsx = await service.ask('/reports/year/2025?format=xlsx');
    expect(
      Buffer.from(await xlsx.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    expect(xlsx.headers.get('content-disposition')).toBe('attachment; filename="report-year-2025.xlsx"');
    const pdf = await service.ask('/reports/term/2025-05..2025-07?district=430421&format=pdf');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
    expect(reads.map(({ what, filter }) => [what, filter])).toEqual([
      ['reports', '/reports/month/2025-06'],
      ['reports', '/reports/year/2025?format=xlsx'],
      ['reports', '/reports/term/2025-05..2025-07?district=430421&format=pdf'],
    ]);
    expect(reads.every(({ rows }) => (rows ?? 0) > 0)).toBe(true);
  });

  it('is of the district of the key and never of more', async () => {
    const headers = await service.bearer({ district: '430422' });
    const report = (await (await service.ask('/reports/month/2025-06', { headers })).json()) as Report;
    expect([report.district, found(report)]).toEqual(['430422', 1]);
    expect(JSON.stringify(report)).not.toMatch(/430421|衡阳县/);
    expect((await problemIn(await service.ask('/reports/month/2025-06?district=430421', { headers }))).status).toBe(
      404,
    );
    const wide = (await (await service.ask('/reports/month/2025-06?district=4304', { headers })).json()) as Report;
    expect(wide.district).toBe('430422');
  });

  it.each([
    ['/reports/month/2025-13', 'A month report is of a month YYYY-MM'],
    ['/reports/week/2025-01', 'month, quarter, year or term'],
    ['/reports/month/2025-06?format=doc', 'one of json, xlsx, pdf'],
    ['/reports/month/2025-06?district=43042', 'a district code of 2, 4 or 6 digits'],
    ['/reports/term/2025-05..2025-07', 'A term is of one county'],
  ])('is refused where it is asked for wrongly: %s', async (path, words) => {
    const problem = await problemIn(await service.ask(path));
    expect(problem.status).toBe(400);
    expect(JSON.stringify(problem)).toContain(words);
  });
});
