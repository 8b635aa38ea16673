import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Insertable, Transaction } from 'kysely';
import { ServiceError } from '../error.ts';
import { endZones, insertLayer, insertZones, type LayerRow, listZones } from '../store/layers.ts';
import type { Store } from '../store/open.ts';
import type { Database, ZoneTable } from '../store/schema.ts';
import {
  findLayer,
  nextVersionFrom,
  setZoneDistrict,
  versionOn,
  versionTotals,
  withdrawZonesOf,
  zonesWithoutDistrict,
} from '../store/zone-versions.ts';
import { readLayerBytes } from './geojson-file.ts';
import { type CheckedLayer, checkLayer, DISTRICTS_LAYER, type LayerRepair } from './geojson-layer.ts';
import { type KnownDistricts, knownDistricts } from './zone-district.ts';

export interface ImportRequest {
  path: string;
  /** e.g. districts, farmland, permanent-basic-farmland, red-line, approvals. */
  layer: string;
  /** First day the zones are valid, YYYY-MM-DD. */
  validFrom: string;
  now: Date;
}

export interface LayerImport {
  layerId: string;
  layer: string;
  features: number;
  areaM2: number;
  /** What was put right in which feature. */
  repaired: LayerRepair[];
  /** Where the features' ids were found; null when nothing was read because the file is already here. */
  idsFrom: string | null;
  /** The version whose zones this one ended on its first day. */
  replacedVersion?: { layerId: string; validFrom: string };
  /** True when this very file was imported before for this layer and day: nothing was done. */
  alreadyImported: boolean;
}

/** A layer as it is about to be stored. */
interface Version extends ImportRequest {
  id: string;
  sha256: string;
  checked: CheckedLayer;
  districts: KnownDistricts;
}

/**
 * Takes a GeoJSON file in as one version of a layer, whole or not at all. From validFrom on it replaces the version
 * valid until then, up to the next later version if there is one. The same file for the same layer and day again
 * changes nothing.
 * @throws ServiceError layer-invalid (the file), bad-input (layer name, date, a file replaced before)
 */
export async function importLayer(store: Store, request: ImportRequest): Promise<LayerImport> {
  checkRequest(request);
  const { path, layer, validFrom } = request;
  const { bytes, sha256 } = await readLayerBytes(path);
  const id = shortHash(layer, sha256, validFrom);
  const known = await findLayer(store.db, id);
  if (known) return already(store, known);
  const districts = await districtsOn(store.db, validFrom);
  const checked = checkLayer(path, bytes, { layer, districtsBox: layer === DISTRICTS_LAYER ? null : districts.box });
  const version: Version = { ...request, path: resolve(path), id, sha256, checked, districts };
  const replaced = await store.db.transaction().execute(async (trx) => {
    const imported = await findLayer(trx, id);
    if (imported) return imported;
    return storeVersion(trx, version);
  });
  if (replaced?.id === id) return already(store, replaced);
  return {
    layerId: id,
    layer,
    features: checked.features.length,
    areaM2: checked.features.reduce((sum, feature) => sum + feature.areaM2, 0),
    repaired: checked.repaired,
    idsFrom: checked.idsFrom,
    ...(replaced && { replacedVersion: { layerId: replaced.id, validFrom: replaced.validFrom } }),
    alreadyImported: false,
  };
}

function checkRequest({ layer, validFrom }: ImportRequest): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(layer)) {
    const wanted = 'small letters, digits and hyphens, e.g. permanent-basic-farmland';
    throw new ServiceError('bad-input', `The layer name ${JSON.stringify(layer)} is not usable; wanted ${wanted}.`);
  }
  const day = /^\d{4}-\d{2}-\d{2}$/.test(validFrom) ? new Date(`${validFrom}T00:00:00Z`) : null;
  if (!day || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== validFrom) {
    throw new ServiceError(
      'bad-input',
      `The first valid day ${JSON.stringify(validFrom)} is no date; wanted YYYY-MM-DD.`,
    );
  }
}

async function already(store: Store, { id, name, path, validFrom, featureCount }: LayerRow): Promise<LayerImport> {
  const { areaM2, usable } = await versionTotals(store.db, id);
  if (usable === 0) {
    const line = `${path} was imported as ${name} of ${validFrom} before and then replaced by another file of that day`;
    throw new ServiceError('bad-input', `${line}; to return to it, import it with a later first day.`);
  }
  return {
    layerId: id,
    layer: name,
    features: featureCount,
    areaM2,
    repaired: [],
    idsFrom: null,
    alreadyImported: true,
  };
}

/** Writes one version. Returns the one it replaces. */
async function storeVersion(trx: Transaction<Database>, version: Version): Promise<LayerRow | null> {
  const { id, layer, path, sha256, validFrom, checked, now } = version;
  const replaced = await versionOn(trx, layer, validFrom);
  const validTo = await nextVersionFrom(trx, layer, validFrom);
  await endZones(trx, layer, validFrom);
  await withdrawZonesOf(trx, layer, validFrom);
  const featureCount = checked.features.length;
  await insertLayer(trx, { id, name: layer, path, sha256, validFrom, featureCount, importedAt: now.toISOString() });
  await insertZones(trx, zoneRows(version, validTo));
  if (layer === DISTRICTS_LAYER) await locateZones(trx, validFrom);
  return replaced;
}

function zoneRows(
  { id, layer, validFrom, checked, districts }: Version,
  validTo: string | null,
): Insertable<ZoneTable>[] {
  return checked.features.map(({ externalId, name, properties, geometry, areaM2, box }) => ({
    id: shortHash(id, externalId),
    layerId: id,
    layer,
    externalId,
    name,
    district: layer === DISTRICTS_LAYER ? externalId : districts.districtOf(properties, geometry),
    propertiesJson: JSON.stringify(properties),
    geometryJson: JSON.stringify(geometry),
    areaM2,
    ...box,
    validFrom,
    validTo,
  }));
}

/** Zones imported before any district was known get theirs now: rows without district are seen by nobody but all. */
async function locateZones(trx: Transaction<Database>, date: string): Promise<void> {
  const districts = await districtsOn(trx, date);
  for (const zone of await zonesWithoutDistrict(trx, DISTRICTS_LAYER)) {
    const district = districts.districtOf(JSON.parse(zone.propertiesJson), JSON.parse(zone.geometryJson));
    if (district !== null) await setZoneDistrict(trx, zone.id, district);
  }
}

async function districtsOn(db: Store['db'], date: string): Promise<KnownDistricts> {
  return knownDistricts(await listZones(db, { date, layers: [DISTRICTS_LAYER] }));
}

function shortHash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
