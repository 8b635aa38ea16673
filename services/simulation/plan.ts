import { type Acquisition, monthsOf, planAcquisitions, type Tiling } from './acquisitions.ts';
import { type Approval, planApprovals } from './approvals.ts';
import { type LinePiece, planBlocks } from './blocks.ts';
import { type CropPlan, planCrops } from './crops.ts';
import { planBorders, planDistricts } from './districts.ts';
import { type PlantedEvent, plantEvents } from './events.ts';
import { planLandscape } from './landscape.ts';
import { indexParcels } from './parcel-index.ts';
import { isFarmland, type Parcel, planParcels, type VillageSite } from './parcels.ts';
import { planRedLines } from './red-lines.ts';
import type { Site } from './site.ts';
import { planSky, type Sky } from './sky.ts';
import { planVillageSites } from './villages.ts';
import { catalogueImages, skyKey } from './visibility.ts';

/** Everything that is true of the simulated county; pictures and layers only show it. */
export interface CountyPlan {
  site: Site;
  pieces: LinePiece[];
  villages: VillageSite[];
  /** By parcel index; null where nothing is cropped. */
  crops: (CropPlan | null)[];
  acquisitions: Acquisition[];
  /** By skyKey. */
  skies: Map<string, Sky | null>;
  events: PlantedEvent[];
  approvals: Approval[];
}

/** Decides the whole county from its seed; draws and writes nothing. The same seed gives the same county. */
export function planCounty(seed: number, tiling: Tiling): CountyPlan {
  const extent = { widthM: tiling.tilesAcross * tiling.tileSize, heightM: tiling.tilesDown * tiling.tileSize };
  const landscape = planLandscape(seed, extent);
  const borders = planBorders(seed, extent);
  const { blocks, pieces } = planBlocks(seed, landscape);
  const villages = planVillageSites(seed, landscape, blocks);
  const parcels = planParcels(seed, landscape, borders, blocks, villages);
  const acquisitions = planAcquisitions(seed, tiling);
  const skies = new Map<string, Sky | null>();
  for (const image of acquisitions) {
    if (!skies.has(skyKey(image))) skies.set(skyKey(image), planSky(seed, extent, image));
  }
  const site: Site = {
    seed,
    tiling,
    months: monthsOf(tiling),
    landscape,
    borders,
    districts: planDistricts(borders, extent),
    parcels,
    index: indexParcels(parcels),
    farmlandByDistrict: farmlandByDistrict(parcels),
    redLines: planRedLines(landscape),
    images: catalogueImages(tiling, acquisitions, skies),
  };
  const events = plantEvents(site);
  return {
    site,
    pieces,
    villages,
    crops: parcels.map((parcel) => (isFarmland(parcel) ? planCrops(seed, parcel) : null)),
    acquisitions,
    skies,
    events,
    approvals: planApprovals(site, events),
  };
}

function farmlandByDistrict(parcels: Parcel[]): Map<string, Parcel[]> {
  const byDistrict = new Map<string, Parcel[]>();
  for (const parcel of parcels) {
    if (!parcel.listed || !isFarmland(parcel)) continue;
    const list = byDistrict.get(parcel.district);
    if (list === undefined) byDistrict.set(parcel.district, [parcel]);
    else list.push(parcel);
  }
  return byDistrict;
}
