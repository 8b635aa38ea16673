import { afterAll, describe, expect, it } from 'vitest';
import { parsePatchFilter } from '../../../../services/queue/filter.ts';
import { listPatches } from '../../../../services/queue/list.ts';
import type { Store } from '../../../../services/store/open.ts';
import { exportPatches } from '../../../../services/zones/export/export-patches.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { osgeoMissing } from '../../../support/gdal-python.ts';
import { ogrLayer } from '../../../support/ogr-layer.ts';
import { plantPatch, plantZone } from '../../../support/patches.ts';
import { takeSteps } from '../../../support/steps.ts';
import { describeOnBothStores } from '../../../support/stores.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const now = new Date('2025-07-20T00:00:00Z');
let files = 0;

async function exported(store: Store, values: Parameters<typeof parsePatchFilter>[0], extension = 'gpkg', more = {}) {
  const path = folder.path(`patches-${files++}.${extension}`);
  const result = await exportPatches(store, parsePatchFilter(values, now), { path, at: now, ...more });
  return { ...result, layer: ogrLayer(path) };
}

describe.skipIf(osgeoMissing)('patches that are exported', () => {
  describeOnBothStores('exportPatches', (openFresh) => {
    it('have the exchange fields, in their order, from what the store knows', async () => {
      const store = await openFresh();
      await plantZone(store, 'districts', '430421', '衡阳县');
      const paddy = await plantZone(store, 'farmland', 'p-1', '水田');
      const other = await plantZone(store, 'land-use', 'p-2', '别处');
      const basic = await plantZone(store, 'permanent-basic-farmland', 'b-1', '');
      await plantZone(store, 'red-line', 'r-1', '');
      const overlaps = [
        { zoneId: other, layer: 'land-use', areaM2: 10 },
        { zoneId: paddy, layer: 'farmland', areaM2: 780 },
        { zoneId: basic, layer: 'permanent-basic-farmland', areaM2: 0.5 },
      ];
      const id = await plantPatch(store, { type: 'bare', areaM2: 812.345, overlaps });
      await takeSteps(store, id, 'dismiss');
      for (const [extension, more] of [
        ['gpkg', {}],
        ['shp', { encoding: 'gbk', crs: 'EPSG:4526' }],
        ['csv', {}],
      ] as const) {
        const { layer } = await exported(store, {}, extension, more);
        const text = (value: string | number | null) => (extension === 'csv' ? String(value ?? '') : value);
        expect(layer.fields.map(({ name }) => name)).toEqual(
          'XZQDM XMC JCBH TBLX TZ QSX HSX DLBM DLMC SFYN SFHX MJ BZ MJM'.split(' '),
        );
        expect(layer.features.map(({ properties }) => Object.values(properties))).toEqual([
          [
            ...[
              '430421',
              '衡阳县',
              '4304212025060001',
              'TD',
              '推土，把握 0.90，可见 100 %',
              '2025-05-20',
              '2025-06-18',
            ],
            ...['0101', '水田', '是', '否', text(812.35), '季节变化', text(1.22)],
          ],
        ]);
      }
    });

    it('say nothing of a layer that nobody has imported', async () => {
      const store = await openFresh();
      await plantPatch(store);
      const { layer } = await exported(store, {});
      expect(layer.features[0].properties).toMatchObject({ SFYN: null, SFHX: null, DLBM: null, DLMC: null });
    });

    it('are those that a list of the same filter has, of the same area and in the same order', async () => {
      const store = await openFresh();
      for (let i = 0; i < 12; i++) {
        await plantPatch(store, {
          month: i % 2 ? '2025-05' : '2025-06',
          district: i % 3 ? '430421' : '430422',
          areaM2: 100.004 + 77.77 * i,
        });
      }
      for (const values of [
        {},
        { month: '2025-05' },
        { district: '430422' },
        { minArea: '500' },
        { state: 'closed' },
      ]) {
        const filter = parsePatchFilter(values, now);
        const listed = await listPatches(store, filter, { limit: 100, at: now });
        const { features, total, areaM2, layer } = await exported(store, values);
        expect([features, total]).toEqual([listed.total, listed.total]);
        expect(areaM2).toBe(listed.patches.reduce((sum, patch) => sum + patch.areaM2, 0));
        const written = layer.features.map(({ properties: { JCBH, MJ } }) => [JCBH, MJ]);
        expect(written).toEqual(listed.patches.map(({ number, areaM2 }) => [number, Number(areaM2.toFixed(2))]));
      }
    });

    it('have all that is known where that is asked for', async () => {
      const store = await openFresh();
      const zone = await plantZone(store, 'approvals', 'a-1', '');
      await plantPatch(store, { overlaps: [{ zoneId: zone, layer: 'approvals', areaM2: 5 }] });
      const { layer } = await exported(store, {}, 'shp', { allFields: true });
      const { properties } = layer.features[0];
      expect(properties).toMatchObject({ id: 'patch-4304212025060001', month: '2025-06', state: 'found', score: 2.5 });
      expect(properties).toMatchObject({ confidence: 0.9, observed: 1, layers: 'approvals', version: 1 });
    });

    it('are along the pixel edges of the record', async () => {
      const store = await openFresh();
      await plantPatch(store);
      const { layer } = await exported(store, {}, 'geojson');
      const ring = Float64Array.of(112.5, 26.9, 112.501, 26.9, 112.501, 26.901, 112.5, 26.9);
      expect(layer.features[0].geometry).toEqual({ kind: 'polygon', parts: [[ring]] });
    });
  });
});
