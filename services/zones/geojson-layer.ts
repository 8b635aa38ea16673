import type { MultiPolygon, Polygon } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';
import { identify, identifyDistricts, nameOf } from './feature-identity.ts';
import { parseFeatureCollection } from './geojson-file.ts';
import { boxAround, boxOf, swappedInto } from './geometry/coordinate-order.ts';
import { repairGeometry } from './geometry/polygon-repair.ts';
import { refuseLayer } from './layer-refusal.ts';

/** The layer whose zones are the administrative districts themselves. */
export const DISTRICTS_LAYER = 'districts';

export interface LayerFeature {
  /** The feature's own id in its layer; of a district, its code. */
  externalId: string;
  name: string;
  properties: Record<string, unknown>;
  /** Valid: closed, simple, shells anticlockwise. Lon/lat. */
  geometry: Polygon | MultiPolygon;
  areaM2: number;
  box: LonLatBox;
}

/** Something that was put right in a feature, in words a user can act on. */
export interface LayerRepair {
  featureId: string;
  what: string;
}

export interface CheckedLayer {
  features: LayerFeature[];
  repaired: LayerRepair[];
  /** Where the external ids come from: a property's name, 'feature.id', 'index' or 'district code'. */
  idsFrom: string;
}

export interface LayerExpectation {
  /** Layer name; features of 'districts' must have codes. */
  layer: string;
  /** Where the known districts lie, to tell swapped coordinates; null = none known. */
  districtsBox: LonLatBox | null;
}

/**
 * Checks a GeoJSON FeatureCollection of polygons, feature by feature. What is safe to put right is, and reported;
 * anything else refuses the whole file. No feature is ever left out.
 * @throws ServiceError layer-invalid, one line with file, feature, wanted and got
 */
export function checkLayer(path: string, bytes: Uint8Array, { layer, districtsBox }: LayerExpectation): CheckedLayer {
  const raw = parseFeatureCollection(path, bytes);
  const identities = layer === DISTRICTS_LAYER ? identifyDistricts(path, raw) : identify(raw);
  const repaired: LayerRepair[] = [];
  const features = raw.map((feature, index): LayerFeature => {
    const externalId = identities.ids[index];
    const refuse = (problem: string): never => refuseLayer(path, { index, id: externalId }, problem);
    const { geometry, areaM2, repairs } = repairGeometry(feature.geometry, refuse);
    if (repairs.length > 0) repaired.push({ featureId: externalId, what: repairs.join('; ') });
    const name = nameOf(feature, externalId);
    return { externalId, name, properties: feature.properties, geometry, areaM2, box: boxOfGeometry(geometry) };
  });
  refuseSwapped(path, features, districtsBox);
  return { features, repaired, idsFrom: identities.from };
}

function refuseSwapped(path: string, features: readonly LayerFeature[], districtsBox: LonLatBox | null): void {
  const box = boxAround(features.map((feature) => feature.box))!;
  const place = swappedInto(box, districtsBox);
  if (place === null) return;
  const [minLon, maxLon, minLat, maxLat] = [box.minLon, box.maxLon, box.minLat, box.maxLat].map((d) => d.toFixed(3));
  const got = `longitude ${minLon}..${maxLon}, latitude ${minLat}..${maxLat}`;
  const remedy = 'longitude and latitude look swapped, so export it again with longitude first';
  refuseLayer(path, null, `lies at ${got}, but in ${place} the other way round: ${remedy}`);
}

function boxOfGeometry(geometry: Polygon | MultiPolygon): LonLatBox {
  return boxOf(geometry.type === 'Polygon' ? geometry.coordinates.flat() : geometry.coordinates.flat(2))!;
}
