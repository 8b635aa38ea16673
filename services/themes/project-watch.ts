import type { Store } from '../store/open.ts';
import { validVersions } from '../store/zone-versions.ts';
import { readZones, type ZoneRow } from '../store/zones.ts';
import { fromWkb } from '../zones/geometry/wkb.ts';
import type { FieldValue } from '../zones/layer-files/layer-file.ts';
import { standardThemes } from './definition.ts';
import { greeningProjectOf } from './greening-project.ts';
import { type GreeningTest, greeningTest } from './greening-state.ts';
import { idleParcelOf } from './idle-parcel.ts';
import { type ParcelKey, realEstateUnit, supervisionNumber } from './parcel-keys.ts';
import type { PlaceSignal } from './place-signal.ts';
import { projectSignals } from './project-signals.ts';
import { greeningProjectState, idleState, type ProjectState } from './project-state.ts';

/** The layers whose zones are watched for what does not change, or for what grows. */
export const projectLayers = ['idle-land', 'restoration', 'reclamation'] as const;
export type ProjectLayer = (typeof projectLayers)[number];

/** A zone of a project and how it stands by what was seen of it. */
export interface WatchedProject extends ProjectState {
  layer: ProjectLayer;
  /** The zone's number in the store, and its own id in its layer, which stays when the layer is imported anew. */
  zoneId: number;
  externalId: string;
  name: string;
  district: string | null;
  /** On the ellipsoid. */
  areaM2: number;
  realEstateUnit: ParcelKey | null;
  supervisionNumber: ParcelKey | null;
  /** Months with a finished run, and in how many of them it was seen. */
  months: { looked: number; seen: number };
  /** What made its signals, e.g. two-date-1. */
  sources: string[];
}

/** Zones read at a time: their shapes and signals are held together. */
const ZONES_AT_A_TIME = 500;
/** A month counts as seen when this share of the zone was, as the tests of idleness and greening want it. */
const LEAST_SEEN = 0.9;

/**
 * The zones of these layers valid on a day, in order of layer and id, with what was seen of each by that day; of those
 * alone that `asked` names, where it is given.
 */
export async function watchProjects(
  store: Pick<Store, 'db'>,
  day: string,
  layers: readonly ProjectLayer[] = projectLayers,
  asked: (zone: Pick<ZoneRow, 'layer' | 'externalId'>) => boolean = () => true,
): Promise<WatchedProject[]> {
  const watched: WatchedProject[] = [];
  let some: ZoneRow[] = [];
  const take = async () => {
    watched.push(...(await statesOf(store, some, day)));
    some = [];
  };
  for await (const zone of readZones(store.db, await validVersions(store.db, day, layers))) {
    if (!asked(zone)) continue;
    some.push(zone);
    if (some.length === ZONES_AT_A_TIME) await take();
  }
  await take();
  const rank = ({ layer }: WatchedProject) => projectLayers.indexOf(layer);
  return watched.sort((a, b) => rank(a) - rank(b) || (a.externalId < b.externalId ? -1 : 1));
}

async function statesOf(store: Pick<Store, 'db'>, zones: readonly ZoneRow[], day: string): Promise<WatchedProject[]> {
  if (zones.length === 0) return [];
  const places = zones.map(({ id, areaM2, geometry, ...row }) => {
    return { id: String(id), areaM2, box: boxOf(row), geometry: fromWkb(geometry) };
  });
  const signals = await projectSignals(store, places, day);
  return zones.map((zone) => watchedOf(zone, signals.get(String(zone.id)) ?? [], day));
}

function watchedOf(zone: ZoneRow, signals: readonly PlaceSignal[], day: string): WatchedProject {
  const properties = JSON.parse(zone.propertiesJson) as Record<string, FieldValue>;
  const layer = zone.layer as ProjectLayer;
  const id = String(zone.id);
  const state =
    layer === 'idle-land'
      ? idleState(idleParcelOf(id, properties), signals, day)
      : greeningProjectState(greeningProjectOf(id, properties), signals, day, testOf(layer));
  const { externalId, name, district, areaM2 } = zone;
  const seen = signals.filter(({ observedShare }) => observedShare >= LEAST_SEEN).length;
  return {
    ...{ layer, zoneId: zone.id, externalId, name, district, areaM2 },
    realEstateUnit: realEstateUnit(properties),
    supervisionNumber: supervisionNumber(properties),
    ...state,
    months: { looked: signals.length, seen },
    sources: [...new Set(signals.map(({ source }) => source))].sort(),
  };
}

/** New farmland is harvested and ploughed: in the months its theme names that is no loss. */
function testOf(layer: ProjectLayer): GreeningTest {
  const season = layer === 'reclamation' && standardThemes.themes.find(({ id }) => id === 'new-farmland')?.season;
  return season ? { ...greeningTest, season } : greeningTest;
}

function boxOf({ minLon, minLat, maxLon, maxLat }: Omit<ZoneRow, 'id' | 'areaM2' | 'geometry'>) {
  return { minLon, minLat, maxLon, maxLat };
}
