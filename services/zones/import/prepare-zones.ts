import { prepareZone } from '../geometry/repair.ts';
import { toLonLatParts } from '../geometry/to-lon-lat.ts';
import { toWkb } from '../geometry/wkb.ts';
import type { LayerFormat, RawFeature } from '../layer-files/layer-file.ts';
import { landClassOf } from '../layer-roles.ts';
import { type IdSource, idOf, nameOf } from './feature-identity.ts';
import { type PreparedZones, ZoneCollector } from './prepared-zones.ts';
import type { KnownDistricts } from './zone-district.ts';

/** How the features of a layer become zones. */
export interface ZoneTerms {
  kind: 'polygon' | 'line' | 'either';
  /** As in OpenLayer. */
  crs: string;
  format: LayerFormat;
  ids: IdSource;
  /** Districts are their own district. */
  areDistricts: boolean;
}

/** Features of a file as zones: in lon/lat, repaired, measured, located. What cannot be used is in the notes, and why. */
export function prepareZones(
  features: readonly RawFeature[],
  terms: ZoneTerms,
  districts: KnownDistricts,
): PreparedZones {
  const zones = new ZoneCollector();
  for (const feature of features) {
    const externalId = idOf(feature, terms.ids);
    const featureId = externalId ?? `#${feature.index}`;
    const reject = (what: string) => zones.notes.push({ featureId, kind: 'rejected', what });
    if (feature.geometry === null) {
      reject(feature.damage ?? 'has no geometry');
      continue;
    }
    toLonLatParts(feature.geometry, terms.crs);
    const prepared = prepareZone(feature.geometry, terms.kind, {
      shellsMayTurnEitherWay: terms.format === 'shapefile' || terms.format === 'geopackage',
    });
    if ('rejected' in prepared) {
      reject(prepared.rejected);
      continue;
    }
    const { geometry, areaM2, box } = prepared;
    const repairs = feature.damage === null ? prepared.repairs : [feature.damage, ...prepared.repairs];
    if (repairs.length > 0) zones.notes.push({ featureId, kind: 'repaired', what: repairs.join('; ') });
    const district = terms.areDistricts ? featureId : districts.districtOf(feature.properties, geometry);
    if (district === null && districts.box !== null) {
      zones.notes.push({ featureId, kind: 'outside', what: 'lies in no known district' });
    }
    zones.add({
      externalId,
      name: nameOf(feature, featureId),
      district,
      landClass: landClassOf(feature.properties),
      propertiesJson: JSON.stringify(feature.properties),
      index: feature.index,
      geometry: toWkb(geometry),
      areaM2,
      box,
    });
  }
  return zones.done(features.length);
}
