import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { noiseField } from './noise.ts';
import { isFarmland, LAND_CLASS_NAMES, type Parcel } from './parcels.ts';
import { lonLatPolygon } from './placement.ts';
import type { CountyPlan } from './plan.ts';
import { mixKeys } from './random.ts';

/** One layer of the county as it goes into a file. */
export interface CountyLayer {
  /** Layer name and file stem. */
  layer: string;
  validFrom: string;
  collection: FeatureCollection<Polygon>;
}

/** Land survey, planning and approvals stand from this day on. */
const SURVEY_DATE = '2023-12-31';

/** All layers of the county in lon/lat. Layers with nothing in them (tiny counties) are left out. */
export function countyLayers(plan: CountyPlan): CountyLayer[] {
  const listed = plan.site.parcels.filter((parcel) => parcel.listed);
  const farmland = listed.filter(isFarmland);
  const layers: [string, Feature<Polygon>[]][] = [
    [
      'districts',
      plan.site.districts.map(({ code, name, ring }) => feature(code, { code, name }, lonLatPolygon(ring))),
    ],
    ['farmland', farmland.map((parcel) => parcelFeature(parcel, parcel.id))],
    ['permanent-basic-farmland', basicFarmland(plan.site.seed, farmland)],
    [
      'red-line',
      plan.site.redLines.map(({ id, ring }) => feature(id, { name: `模拟生态保护红线 ${id}` }, lonLatPolygon(ring))),
    ],
    ['approvals', approvals(plan)],
    [
      'villages',
      listed.filter(({ landClass }) => landClass === '0702').map((parcel) => parcelFeature(parcel, parcel.id)),
    ],
  ];
  return layers
    .filter(([, features]) => features.length > 0)
    .map(([layer, features]) => ({
      layer,
      validFrom: SURVEY_DATE,
      collection: { type: 'FeatureCollection', features },
    }));
}

/** Whole stretches of paddy are protected, not single parcels: about two thirds of them. */
function basicFarmland(seed: number, farmland: Parcel[]): Feature<Polygon>[] {
  const stretch = noiseField(mixKeys(seed, 'basic-farmland'));
  return farmland
    .filter(({ landClass, centre }) => landClass === '0101' && stretch(centre[0] / 520, centre[1] / 520) > -0.22)
    .map((parcel) => parcelFeature(parcel, `YJ${parcel.id}`));
}

function parcelFeature(parcel: Parcel, id: string): Feature<Polygon> {
  const { landClass, district } = parcel;
  const name = `模拟${LAND_CLASS_NAMES[landClass]} ${parcel.id.slice(6)}`;
  const properties = { name, district, parcelId: parcel.id, DLBM: landClass, DLMC: LAND_CLASS_NAMES[landClass] };
  return feature(id, properties, lonLatPolygon(parcel.ring));
}

function approvals(plan: CountyPlan): Feature<Polygon>[] {
  return plan.approvals.map(({ number, date, instrument, purpose, district, ring }) =>
    feature(
      number,
      { name: `${instrument} ${number}`, number, date, instrument, purpose, district },
      lonLatPolygon(ring),
    ),
  );
}

function feature(id: string, properties: Record<string, string>, geometry: Polygon): Feature<Polygon> {
  return { type: 'Feature', id, properties: { id, ...properties, simulated: true }, geometry };
}
