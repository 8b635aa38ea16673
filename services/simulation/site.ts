import type { Tiling } from './acquisitions.ts';
import type { Borders, District } from './districts.ts';
import type { Landscape } from './landscape.ts';
import type { ParcelIndex } from './parcel-index.ts';
import type { Parcel } from './parcels.ts';
import type { RedLine } from './red-lines.ts';
import type { ImageCatalogue } from './visibility.ts';

/** The county as it is before anything is planted in it. */
export interface Site {
  seed: number;
  tiling: Tiling;
  months: string[];
  landscape: Landscape;
  borders: Borders;
  districts: District[];
  parcels: Parcel[];
  index: ParcelIndex;
  /** Listed farmland parcels. */
  farmlandByDistrict: Map<string, Parcel[]>;
  redLines: RedLine[];
  images: ImageCatalogue;
}
