import type { SuppliedMaskKind } from './masks/supplied-mask.ts';
import type { SampleType } from './raster.ts';
import type { RadiometricScale } from './scene.ts';

/** What is usual of one sensor's product. What a person or the file itself says wins over every field. */
export interface SensorPreset {
  /** As --sensor and the catalogue name it. */
  name: string;
  /** Other names people give it; small letters and digits only. Of several presets with one name the first that fits. */
  aliases: readonly string[];
  kind: 'optical' | 'sar';
  /** Usual ground-sample distances in metres, the finest first. */
  gsdM: readonly number[];
  /** Roles in file order, one list for each number of bands that files of it have. */
  bands: readonly string[];
  sampleTypes: readonly SampleType[];
  /** Raw numbers to reflectance 0-1; null where they are counts or backscatter. */
  reflectance: RadiometricScale | null;
  /** The largest number the sensor can say; null where that is not known, or where bright ground reaches it. */
  saturation: number | null;
  nodata: number | null;
  /** What its quality band is read as, where one is supplied. */
  mask: SuppliedMaskKind | null;
  /** Who may use the images, in a few words. Not legal advice. */
  licence: string;
  /** Matches the product's file name; groups: date, and where the name has them time (UTC), baseline, polarisation. */
  fileName: RegExp;
}

const any16: readonly SampleType[] = ['uint16', 'int16'];
const cresda = 'CNSA/CRESDA: government use; passing on needs leave';
const open16m = 'CNSA: 16 m data are open to the public';
const usgs = 'USGS: public domain';
const copernicus = 'Copernicus: free and open, source to be named';
const commercial = 'commercial: as the contract says';
const usualLandsatSr = { scale: 0.0000275, offset: -0.2 };
const date = '(?<date>\\d{8})';
const landsatName = (satellites: string, level: string) => new RegExp(`^${satellites}_${level}_\\d{6}_${date}_`);
const gaofenName = (satellite: string, camera: string) =>
  new RegExp(`^${satellite}_${camera}_E[\\d.]+_N[\\d.]+_${date}_L`);

/** Fields that the Chinese four-band cameras share: blue, green, red, near infrared, or the panchromatic band alone. */
const fourBands = {
  kind: 'optical',
  bands: ['B,G,R,N', 'P'],
  sampleTypes: any16,
  reflectance: null,
  nodata: 0,
  mask: null,
} as const;

/** Landsat collection 2: level 1 counts, level 2 surface reflectance. */
const landsat = { kind: 'optical', gsdM: [30], nodata: 0, mask: 'landsat-qa', licence: usgs } as const;
const landsat2 = { sampleTypes: ['uint16'], reflectance: usualLandsatSr, saturation: 65535 } as const;
const oldBands = ['B,G,R,N,S1,S2', 'B,G,R,N,S1,T,S2', 'B,G,R,N'];
const newBands = ['C,B,G,R,N,S1,S2', 'B,G,R,N,S1,S2', 'B,G,R,N', 'C,B,G,R,N,S1,S2,P,A,T,T', 'C,B,G,R,N,S1,S2,P,A'];

/** All 13 bands of Sentinel-2, and the stacks made of them most often. */
const sentinel2 = {
  kind: 'optical',
  gsdM: [10, 20, 60],
  sampleTypes: any16,
  // Baseline 04.00 and later add 1000 to the numbers; reflectanceOf knows.
  reflectance: { scale: 1e-4, offset: 0 },
  saturation: 65535,
  nodata: 0,
  licence: copernicus,
} as const;

export const sensorPresets: readonly SensorPreset[] = [
  {
    ...fourBands,
    name: 'GF-1 PMS',
    aliases: ['gf1', 'gf1pms', 'gf1b', 'gf1c', 'gf1d'],
    gsdM: [2, 8],
    saturation: 1023,
    licence: cresda,
    fileName: gaofenName('GF1[BCD]?', 'PMS\\d?'),
  },
  {
    ...fourBands,
    name: 'GF-1 WFV',
    aliases: ['gf1', 'gf1wfv'],
    gsdM: [16],
    bands: ['B,G,R,N'],
    saturation: 1023,
    licence: open16m,
    fileName: gaofenName('GF1', 'WFV\\d?'),
  },
  {
    ...fourBands,
    name: 'GF-2',
    aliases: ['gf2', 'gf2pms'],
    gsdM: [0.8, 1, 3.2, 4],
    saturation: 1023,
    licence: cresda,
    fileName: gaofenName('GF2', 'PMS\\d?'),
  },
  {
    ...fourBands,
    name: 'GF-6 PMS',
    aliases: ['gf6', 'gf6pms'],
    gsdM: [2, 8],
    saturation: 4095,
    licence: cresda,
    fileName: gaofenName('GF6', 'PMS\\d?'),
  },
  {
    ...fourBands,
    name: 'GF-6 WFV',
    aliases: ['gf6', 'gf6wfv'],
    gsdM: [16],
    bands: ['B,G,R,N,RE1,RE2,C,Y', 'B,G,R,N'],
    saturation: 4095,
    licence: open16m,
    fileName: gaofenName('GF6', 'WFV\\d?'),
  },
  {
    ...fourBands,
    name: 'GF-7',
    aliases: ['gf7', 'gf7dlc', 'gf7bwd'],
    gsdM: [0.65, 0.8, 2.6, 3.2],
    saturation: null,
    licence: cresda,
    fileName: gaofenName('GF7', '[A-Z]+'),
  },
  {
    ...fourBands,
    name: 'ZY-3',
    aliases: ['zy3', 'zy301', 'zy302', 'zy303'],
    gsdM: [2.1, 2.5, 3.5, 5.8],
    saturation: 1023,
    licence: cresda,
    fileName: new RegExp(`^ZY3[-_]?\\d{0,2}a?_[A-Z]{3}_(?:E[\\d.]+_N[\\d.]+_|\\d+_\\d+_)${date}`, 'i'),
  },
  {
    ...fourBands,
    name: 'SuperView-1',
    aliases: ['superview', 'superview1', 'sv1', 'gaojing1'],
    gsdM: [0.5, 2],
    saturation: 2047,
    licence: commercial,
    fileName: new RegExp(`^SV1-\\d{2}_${date}_L`),
  },
  {
    ...fourBands,
    name: 'Jilin-1',
    aliases: ['jilin', 'jilin1', 'jl1'],
    gsdM: [0.5, 0.75, 1, 2, 3, 4],
    bands: ['B,G,R,N', 'P', 'R,G,B'],
    sampleTypes: ['uint16', 'int16', 'uint8'],
    saturation: null,
    licence: commercial,
    fileName: new RegExp(`^JL1[A-Z0-9]+_[A-Z]+\\d*_${date}`),
  },
  {
    ...sentinel2,
    name: 'Sentinel-2 L2A',
    aliases: ['sentinel2', 's2', 's2l2a', 'sentinel2l2a'],
    bands: [
      'B,G,R,N',
      'C,B,G,R,RE1,RE2,RE3,N,N2,A,S1,S2',
      'B,G,R,RE1,RE2,RE3,N,N2,S1,S2',
      'B,G,R,N,S1,S2',
      'B,G,R,RE1,RE2,RE3,N2,S1,S2',
    ],
    mask: 'scl',
    fileName: new RegExp(`^S2[A-D]_MSIL2A_${date}T(?<time>\\d{6})_N(?<baseline>\\d{4})_`),
  },
  {
    ...sentinel2,
    name: 'Sentinel-2 L1C',
    aliases: ['sentinel2', 's2', 's2l1c', 'sentinel2l1c'],
    bands: ['C,B,G,R,RE1,RE2,RE3,N,N2,A,A,S1,S2', 'B,G,R,N', 'B,G,R,RE1,RE2,RE3,N,N2,S1,S2', 'B,G,R,N,S1,S2'],
    mask: null,
    fileName: new RegExp(`^S2[A-D]_MSIL1C_${date}T(?<time>\\d{6})_N(?<baseline>\\d{4})_`),
  },
  {
    ...landsat,
    ...landsat2,
    name: 'Landsat 8-9 L2',
    aliases: ['landsat8', 'landsat9', 'landsat8l2', 'landsat9l2', 'landsatoli', 'oli'],
    bands: newBands,
    fileName: landsatName('L[CO]0[89]', 'L2S[PR]'),
  },
  {
    ...landsat,
    name: 'Landsat 8-9 L1',
    aliases: ['landsat8', 'landsat9', 'landsat8l1', 'landsat9l1'],
    bands: newBands,
    sampleTypes: ['uint16'],
    // Level 1 becomes reflectance by the sun's height, which stands in the MTL file of each scene.
    reflectance: null,
    saturation: 65535,
    fileName: landsatName('L[CO]0[89]', 'L1(?:TP|GT|GS)'),
  },
  {
    ...landsat,
    ...landsat2,
    name: 'Landsat 5-7 L2',
    aliases: ['landsat5', 'landsat7', 'landsat5l2', 'landsat7l2', 'tm', 'etm'],
    bands: oldBands,
    fileName: landsatName('L[TE]0[457]', 'L2S[PR]'),
  },
  {
    ...landsat,
    name: 'Landsat 5-7 L1',
    aliases: ['landsat5', 'landsat7', 'landsat5l1', 'landsat7l1', 'tm', 'etm'],
    bands: oldBands,
    sampleTypes: ['uint8'],
    reflectance: null,
    saturation: 255,
    fileName: landsatName('L[TE]0[457]', 'L1(?:TP|GT|GS)'),
  },
  {
    name: 'aerial',
    aliases: ['aerial', 'aerialrgb', 'uav', 'drone'],
    kind: 'optical',
    gsdM: [0.1, 0.2, 0.5],
    bands: ['R,G,B', 'R,G,B,N'],
    sampleTypes: ['uint8', 'uint16'],
    reflectance: null,
    // Pictures are stretched: their 255 is a white roof as often as a saturated one.
    saturation: null,
    nodata: null,
    mask: null,
    licence: 'as the surveyor says; finer than 0.5 m may be restricted',
    fileName: /^(?!)/,
  },
  {
    name: 'Sentinel-1 GRD',
    aliases: ['sentinel1', 's1', 's1grd', 'sentinel1grd'],
    kind: 'sar',
    gsdM: [10, 20],
    bands: ['VV,VH', 'VV'],
    sampleTypes: ['uint16', 'int16', 'float32'],
    reflectance: null,
    saturation: null,
    nodata: 0,
    mask: null,
    licence: copernicus,
    fileName: new RegExp(`^S1[A-D]_(?:IW|EW|S\\d)_GRD[FHM]_1S(?<polarisation>[SD][HV])_${date}T(?<time>\\d{6})_`),
  },
  {
    name: 'GF-3',
    aliases: ['gf3', 'gf3b', 'gf3c'],
    kind: 'sar',
    gsdM: [1, 3, 5, 8, 10, 25],
    bands: ['HH,HV', 'HH', 'HH,HV,VH,VV'],
    sampleTypes: ['uint16', 'int16', 'uint8', 'float32'],
    reflectance: null,
    saturation: null,
    nodata: 0,
    mask: null,
    licence: cresda,
    fileName: new RegExp(`^GF3[BC]?_\\w+?_E[\\d.]+_N[\\d.]+_${date}_L\\w+?_(?<polarisation>[HV]{2,8})_`),
  },
];
