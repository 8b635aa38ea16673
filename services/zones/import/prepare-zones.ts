import { prepareZone } from '../geometry/repair.ts';
import { toLonLatParts } from '../geometry/to-lon-lat.ts';
import { toWkb } from '../geometry/wkb.ts';
import type { LayerFormat, RawFeature } from '../layer-files/layer-file.ts';
import { landClassOf, unreadableIn } from '../layer-roles.ts';
import { type IdSource, idOf, nameOf } from './feature-identity.ts';
import { type PreparedZones, ZoneCollector } from './prepared-zones.ts';
import type { KnownDistricts } from './zone-district.ts';

/** How the features of a layer become zones. */
export interface ZoneTerms {
  layer: string;
  kind: 'polygon' | 'line' | 'either';
  /** As in OpenLayer. */
  crs: string;
  format: LayerFormat;
  ids: IdSource;
  /** Districts are their own district. */
  areDistricts: boolean;
  /** Code, or its first digits, of the district that the file speaks for; '' = all. */
  scope: string;
}

/** What is said of a zone outside all districts. */
export const IN_NO_DISTRICT = 'lies in no known district';

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
      shellsMayTurnEitherWay: terms.format !== 'geojson' && terms.format !== 'geojsonseq',
    });
    if ('rejected' in prepared) {
      reject(prepared.rejected);
      continue;
    }
    const { geometry, areaM2, box } = prepared;
    const repairs = feature.damage === null ? prepared.repairs : [feature.damage, ...prepared.repairs];
    if (repairs.length > 0) zones.notes.push({ featureId, kind: 'repaired', what: repairs.join('; ') });
    for (const what of unreadableIn(terms.layer, feature.properties)) {
      zones.notes.push({ featureId, kind: 'note', what });
    }
    const district = terms.areDistricts ? featureId : districts.districtOf(feature.properties, geometry);
    const outside = placeOutside(district, terms.scope, districts.box !== null);
    if (outside !== null) zones.notes.push({ featureId, kind: 'outside', what: outside });
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

/** Where a zone lies that lies elsewhere than it should, in the rest of a sentence about it; else null. */
function placeOutside(district: string | null, scope: string, areKnown: boolean): string | null {
  if (district === null) return areKnown ? IN_NO_DISTRICT : null;
  // Of a zone in a county it is not known in which of its townships it lies.
  if (district.startsWith(scope) || scope.startsWith(district)) return null;
  return `lies in ${district}, though the file speaks for ${scope} only`;
}
