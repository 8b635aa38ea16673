import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { insertLayer } from '../../../../services/store/layers.ts';
import type { Store } from '../../../../services/store/open.ts';
import { insertZones, nextZoneId } from '../../../../services/store/zones.ts';
import { exportLayer, type LayerRequest } from '../../../../services/zones/export/export-layer.ts';
import { boundsOfWkb, toWkb } from '../../../../services/zones/geometry/wkb.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { osgeoMissing } from '../../../support/gdal-python.ts';
import { ogrLayer } from '../../../support/ogr-layer.ts';
import { layerRow, zoneRow } from '../../../support/rows.ts';
import { describeOnBothStores } from '../../../support/stores.ts';
import { FIELDS, seededFeatures } from './seeded-layers.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let files = 0;

const parcels = seededFeatures('polygon').filter(({ geometry }) => geometry !== null);

/** A version of a layer with the seeded parcels, every second of them in county 430422. */
async function plantLayer({ db }: Store, given: Parameters<typeof layerRow>[0] = {}, some = parcels): Promise<void> {
  const { seq: _, ...version } = layerRow({ fieldsJson: JSON.stringify(FIELDS), featureCount: some.length, ...given });
  await insertLayer(db, version);
  const first = await nextZoneId(db);
  const rows = some.map(({ id, properties, geometry }, i) => {
    const wkb = toWkb(geometry!);
    const district = i % 2 ? '430421' : '430422';
    const names = { id: first + i, layerId: version.id, externalId: id, propertiesJson: JSON.stringify(properties) };
    return zoneRow({ ...names, district, geometry: wkb, ...boundsOfWkb(wkb) });
  });
  await insertZones(db, rows);
}

async function exported(store: Store, request: Partial<LayerRequest> = {}, extension = 'gpkg') {
  const path = folder.path(`layer-${files++}.${extension}`);
  const result = await exportLayer(store, { layer: 'farmland', date: '2025-06-01', ...request }, { path });
  return { ...result, layer: ogrLayer(path) };
}

describe.skipIf(osgeoMissing)('a layer that is exported', () => {
  describeOnBothStores('exportLayer', (openFresh) => {
    it('has the columns of its file, all zones in the order they came, and every value', async () => {
      const store = await openFresh();
      await plantLayer(store, { idsFrom: 'OBJECTID' });
      const { layer, features } = await exported(store);
      expect(features).toBe(parcels.length);
      expect(layer.fields.map(({ name }) => name)).toEqual(FIELDS.map(({ name }) => name));
      expect(layer.features.map(({ properties }) => properties)).toEqual(parcels.map(({ properties }) => properties));
      expect(layer.features.map(({ geometry }) => geometry)).toEqual(parcels.map(({ geometry }) => geometry));
    });

    it('is of the day asked for', async () => {
      const store = await openFresh();
      await plantLayer(store, { id: 'old', validFrom: '2024-01-01' }, parcels.slice(0, 5));
      await plantLayer(store, { id: 'new', validFrom: '2025-01-01' }, parcels.slice(5, 8));
      expect((await exported(store, { date: '2024-12-31' })).features).toBe(5);
      expect((await exported(store, { date: '2025-01-01' })).features).toBe(3);
    });

    it('is of the district or the box asked for', async () => {
      const store = await openFresh();
      await plantLayer(store);
      const ids = (features: { id: string }[]) => features.map(({ id }) => id);
      const geojson = async (request: Partial<LayerRequest>) => {
        const {
          files: [path],
        } = await exported(store, request, 'geojson');
        return ids(JSON.parse(readFileSync(path, 'utf8')).features);
      };
      expect(await geojson({ district: '430421' })).toEqual(ids(parcels.filter((_, i) => i % 2)));
      const [lon, lat] = parcels[9].geometry!.parts[0][0];
      const near = await geojson({ box: { minLon: lon, minLat: lat, maxLon: lon, maxLat: lat } });
      expect(near).toEqual([parcels[9].id]);
    });

    it('carries ids that stand in no column, so that the next import has the same', async () => {
      const store = await openFresh();
      await plantLayer(store, { idsFrom: 'feature.id' });
      const { layer } = await exported(store);
      expect(layer.fields[0].name).toBe('id');
      expect(layer.features.map(({ properties }) => properties['id'])).toEqual(parcels.map(({ id }) => id));
    });

    it('of which no file said the columns has those its zones have', async () => {
      const store = await openFresh();
      await plantLayer(store, { fieldsJson: '[]' });
      const { layer } = await exported(store);
      expect(layer.features.map(({ properties }) => properties)).toEqual(parcels.map(({ properties }) => properties));
      expect(layer.fields.find(({ name }) => name === 'large')?.type).toBe('Integer64');
    });

    it('is refused by name where there is none, or none yet', async () => {
      const store = await openFresh();
      await plantLayer(store);
      await expect(exported(store, { layer: 'red-line' })).rejects.toThrow(
        'There is no layer red-line; there are: farmland.',
      );
      await expect(exported(store, { date: '2023-12-31' })).rejects.toThrow(
        'The layer farmland begins on 2024-01-01; got 2023-12-31.',
      );
    });
  });
});
