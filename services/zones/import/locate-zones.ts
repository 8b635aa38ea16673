import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { listZones } from '../../store/zones.ts';
import { setZoneDistrict, zonesWithoutDistrict } from '../../store/zones-without-district.ts';
import { fromWkb } from '../geometry/wkb.ts';
import { DISTRICTS_LAYER } from '../layer-roles.ts';
import { districtAreas, knownDistricts } from './zone-district.ts';

/** Zones imported before any district was known get theirs now: rows without district are seen by nobody but all. */
export async function locateZones(db: Kysely<Database>, date: string): Promise<void> {
  const districts = knownDistricts(districtAreas(await listZones(db, { date, layers: [DISTRICTS_LAYER] })));
  for (let after = 0; ; ) {
    const zones = await zonesWithoutDistrict(db, after);
    if (zones.length === 0) return;
    for (const { id, propertiesJson, geometry } of zones) {
      const district = districts.districtOf(JSON.parse(propertiesJson), fromWkb(geometry));
      if (district !== null) await setZoneDistrict(db, id, district);
    }
    after = zones[zones.length - 1].id;
  }
}
