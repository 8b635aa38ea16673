import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

describe('GET /patches/export', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService();
    await plantQueue(service.store);
  });
  afterAll(() => service.store.close());

  it.each([
    ['geojson', 'application/geo+json', '{"type":"FeatureCollection"'],
    ['geojsonl', 'application/geo+json-seq', '{"type":"Feature"'],
    ['csv', 'text/csv; charset=utf-8', 'XZQDM,'],
    ['gpkg', 'application/geopackage+sqlite3', 'SQLite format 3'],
    ['shp', 'application/zip', 'PK'],
  ])('sends a whole %s with its length', async (f, type, beginning) => {
    const response = await service.ask(`/patches/export?f=${f}&fields=all`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.byteLength).toBe(Number(response.headers.get('content-length')));
    expect(bytes.subarray(0, beginning.length).toString('latin1')).toBe(beginning);
  });

  it('has the rows of the list of the same filter', async () => {
    const text = await (await service.ask('/patches/export?f=csv&minArea=500&text=430421')).text();
    const list = await (await service.ask('/patches?minArea=500&text=430421')).json();
    const numbers = text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[2]);
    expect(numbers).toEqual((list as { patches: { number: string }[] }).patches.map(({ number }) => number));
    expect(numbers).toHaveLength(2);
  });

  it('refuses a form it does not write and a system nobody knows, and leaves nothing half', async () => {
    expect((await problemIn(await service.ask('/patches/export?f=dxf'))).status).toBe(400);
    expect((await problemIn(await service.ask('/patches/export?f=shp&crs=EPSG:9999'))).status).toBe(422);
  });
});
