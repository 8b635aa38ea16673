import { type Cover, type CoverChances, coverChances, type Indices } from './ground-cover.ts';
import type { PatchShape } from './patch-shape.ts';

/**
 * What a patch turned into. TBLX is the exchange code (DOMAIN §5); the list of codes has none for greenhouses and
 * for what could not be told, so DP and BH are Tuban's own.
 */
export const changeTypes = {
  built: { tblx: '20', zh: '建(构)筑物', en: 'built' },
  road: { tblx: 'DL1', zh: '道路', en: 'road-like' },
  bare: { tblx: 'TD', zh: '推土', en: 'bulldozed or bare' },
  water: { tblx: 'SM', zh: '水面', en: 'water' },
  'vegetation-loss': { tblx: 'LT', zh: '植被减少', en: 'vegetation loss' },
  'vegetation-gain': { tblx: '01', zh: '植被增加', en: 'vegetation gain' },
  greenhouse: { tblx: 'DP', zh: '设施大棚', en: 'greenhouse' },
  solar: { tblx: 'GF', zh: '光伏', en: 'solar panels' },
  unknown: { tblx: 'BH', zh: '变化待判', en: 'undetermined change' },
} as const;
export type ChangeType = keyof typeof changeTypes;

/** Which band is which in the mean spectra; null where the sensor lacks it. */
export interface ColourBands {
  blue: number | null;
  green: number | null;
  red: number | null;
  nearInfrared: number | null;
  /** The first short-wave infrared, 1.6 µm. */
  shortWave: number | null;
}

/** Mean spectra of a patch, both in one radiometry, in the order of its bands. */
export interface PatchColours {
  before: readonly number[];
  after: readonly number[];
  bands: ColourBands;
  /** True where the numbers are reflectance, 0 to 1; otherwise only ratios count, and for less. */
  reflectance: boolean;
}

export interface TypedChange {
  type: ChangeType;
  /**
   * 0–1: the chance that the type is right, as far as colours and shape can tell. Of 'unknown': that of the
   * likeliest type, which was too low.
   */
  confidence: number;
  /** What it was decided on: indices, brightness and shape; what a sensor cannot show is left out. */
  features: Record<string, number>;
}

const limits = {
  /** Below this chance nobody should read a type into the patch. */
  leastConfidence: 0.4,
  /** Change of NDVI that counts as more or less vegetation, and how far either date may be off it. */
  greenStep: 0.12,
  greenStepError: 0.04,
  /** A road is so many times as long as wide, more where it is wider than most, and so wide in metres where known. */
  slenderness: 14,
  /** It fills less of the rectangle round it than this, or that is longer than so many times its width. */
  bentFill: 0.42,
  elongation: 6,
  roadM: { narrow: 1, usual: 15, wide: 45 },
};

/** Covers that are built, and what else people put on the ground; the rest is nature or farming. */
const builtCovers: readonly Cover[] = ['concrete', 'asphalt', 'blueRoof', 'redRoof'];
const soilCovers: readonly Cover[] = ['soil', 'redSoil'];
const greenCovers: readonly Cover[] = ['canopy', 'sparse', 'straw'];
const waterCovers: readonly Cover[] = ['water', 'turbid', 'algae'];

/**
 * Types a patch by its colours before and after and by its shape (METHODS §7): the chances of what covers the ground
 * on either date, turned into chances of what happened.
 * @param pixelM mean side of a pixel on the ground, null where nobody knows
 */
export function typeOf(colours: PatchColours, shape: PatchShape, pixelM: number | null): TypedChange {
  const { bands, reflectance } = colours;
  const before = indicesOf(colours.before, bands, reflectance);
  const after = indicesOf(colours.after, bands, reflectance);
  const features = featuresOf(colours, before, after, shape, pixelM);
  if (Number.isNaN(after.ndvi) || Number.isNaN(after.redness) || Number.isNaN(before.ndvi))
    return { type: 'unknown', confidence: 0, features };
  const chances = changeChances(
    coverChances(before, reflectance, {}),
    coverChances(after, reflectance, shapeFavours(shape, pixelM)),
    after.ndvi - before.ndvi,
    roadLikeness(shape, pixelM),
  );
  const [type, chance] = [...chances].reduce((best, each) => (each[1] > best[1] ? each : best));
  const confidence = fourDigits(chance);
  return { type: confidence < limits.leastConfidence ? 'unknown' : type, confidence, features };
}

/** Chances of the types; what is left to 1 is that nothing can be told. */
function changeChances(
  { chances: was }: CoverChances,
  { chances: is }: CoverChances,
  greening: number,
  roadLike: number,
): Map<ChangeType, number> {
  const sum = (chances: Record<Cover, number>, covers: readonly Cover[]) =>
    covers.reduce((total, each) => total + chances[each], 0);
  const green = sum(is, greenCovers);
  const built = sum(is, builtCovers);
  const step = (rise: number) => normalShare((rise - limits.greenStep) / limits.greenStepError);
  return new Map<ChangeType, number>([
    ['built', built * (1 - roadLike)],
    ['road', built * roadLike],
    // Water that stays water and soil that stays soil changed in some other way.
    ['bare', sum(is, soilCovers) * (1 - 0.5 * sum(was, soilCovers))],
    ['water', sum(is, waterCovers) * (1 - sum(was, waterCovers))],
    ['vegetation-loss', green * step(-greening)],
    ['vegetation-gain', green * step(greening)],
    ['greenhouse', is.film * (1 - was.film)],
    ['solar', is.panels * (1 - was.panels)],
  ]);
}

/** Greenhouses and solar panels come in large straight blocks, and houses are straight. */
function shapeFavours(
  { pixels, fill, straightness }: PatchShape,
  pixelM: number | null,
): Partial<Record<Cover, number>> {
  const regular = Math.max(fill, 0.5 + 0.6 * straightness);
  const blockLike = 1 / (1 + Math.exp(-12 * (regular - 0.65)));
  const areaM2 = pixelM === null ? null : pixels * pixelM ** 2;
  const large = areaM2 === null ? 0.7 : Math.min(1, areaM2 / 600);
  const block = 0.1 + 1.4 * blockLike * large;
  return { film: block, panels: block, redRoof: 0.3 + blockLike };
}

/** 0 to 1. */
function roadLikeness({ slenderness, widthPx, fill, elongation }: PatchShape, pixelM: number | null): number {
  const { narrow, usual, wide } = limits.roadM;
  const widthM = pixelM === null ? usual : widthPx * pixelM;
  if (widthM > wide || widthM < narrow) return 0;
  const least = limits.slenderness * Math.max(1, widthM / usual);
  // Rows of greenhouses are slender one by one, but fill a rectangle that is not.
  const [bent, straight] = [1 / (1 + (fill / limits.bentFill) ** 6), 1 / (1 + (limits.elongation / elongation) ** 6)];
  return Math.max(bent, straight) / (1 + (least / slenderness) ** 4);
}

function indicesOf(values: readonly number[], bands: ColourBands, reflectance: boolean): Indices {
  const at = (band: number | null) => (band === null ? Number.NaN : values[band]);
  const [b, g, r, n, s] = [bands.blue, bands.green, bands.red, bands.nearInfrared, bands.shortWave].map(at);
  return {
    ndvi: ratio(n, r),
    ndwi: ratio(g, n),
    redness: ratio(r, b),
    greenness: ratio(2 * g, r + b),
    light: reflectance ? Math.log(Math.max(1e-3, (b + g + r) / 3)) : Number.NaN,
    mndwi: ratio(g, s),
    ndbi: ratio(s, n),
  };
}

/** (p − q) / (p + q), within −1 to 1: atmospheric correction leaves a band of dark ground below zero now and then. */
function ratio(p: number, q: number): number {
  const [a, b] = [Math.max(0, p), Math.max(0, q)];
  return Number.isNaN(p + q) ? Number.NaN : (a - b) / Math.max(1e-9, a + b);
}

function featuresOf(
  { before: was, after: is, bands, reflectance }: PatchColours,
  before: Indices,
  after: Indices,
  shape: PatchShape,
  pixelM: number | null,
): Record<string, number> {
  const { blue, green, red, nearInfrared, shortWave } = bands;
  const visible = [blue, green, red].map((band) => (band === null ? Number.NaN : is[band]));
  const mean = (visible[0] + visible[1] + visible[2]) / 3;
  const visibleBefore = [blue, green, red].map((band) => (band === null ? Number.NaN : was[band]));
  const at = (band: number | null) => (band === null ? Number.NaN : is[band]);
  const all: Record<string, number> = {
    ndviBefore: before.ndvi,
    ndviAfter: after.ndvi,
    ndwiBefore: before.ndwi,
    ndwiAfter: after.ndwi,
    mndwiBefore: before.mndwi,
    mndwiAfter: after.mndwi,
    ndbiBefore: before.ndbi,
    ndbiAfter: after.ndbi,
    bsiAfter: ratio(at(shortWave) + at(red), at(nearInfrared) + at(blue)),
    redness: after.redness,
    greenness: after.greenness,
    /** Σ |band − mean| / mean of the visible bands (METHODS §4): 0 is grey or white. */
    whiteness: visible.reduce((sum, value) => sum + Math.abs(value - mean), 0) / mean,
    brightness: reflectance ? mean : Number.NaN,
    brightening: (3 * mean) / visibleBefore.reduce((a, b) => a + b, 0),
    pixels: shape.pixels,
    compactness: shape.compactness,
    fill: shape.fill,
    elongation: shape.elongation,
    slenderness: shape.slenderness,
    straightness: shape.straightness,
    widthM: pixelM === null ? Number.NaN : shape.widthPx * pixelM,
  };
  const known = Object.entries(all).filter(([, value]) => Number.isFinite(value));
  return Object.fromEntries(known.map(([name, value]) => [name, fourDigits(value)]));
}

/** Four digits after the point: enough to argue from, and stable across machines. */
function fourDigits(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Share of a normal distribution below z (logistic approximation, within 0.01). */
function normalShare(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z));
}
