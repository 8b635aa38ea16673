/** What a patch turned into, by its colours before and after. TBLX is the exchange code (DOMAIN §5). */
export const changeTypes = {
  built: { tblx: '20', zh: '建(构)筑物', en: 'built' },
  road: { tblx: 'DL1', zh: '道路', en: 'road-like' },
  bare: { tblx: 'TD', zh: '推土', en: 'bulldozed or bare' },
  water: { tblx: 'SM', zh: '水面', en: 'water' },
  'vegetation-loss': { tblx: 'LT', zh: '植被减少', en: 'vegetation loss' },
  'vegetation-gain': { tblx: '01', zh: '植被增加', en: 'vegetation gain' },
  unknown: { tblx: 'BH', zh: '变化待判', en: 'undetermined change' },
} as const;
export type ChangeType = keyof typeof changeTypes;

/** Which band is which in the mean spectra; null where the sensor lacks it. */
export interface ColourBands {
  blue: number | null;
  green: number | null;
  red: number | null;
  nearInfrared: number | null;
}

export interface PatchShape {
  pixels: number;
  /** Width and height of the bounding box, pixels. */
  width: number;
  height: number;
}

export interface TypedChange {
  type: ChangeType;
  /** 0-1: how far the deciding feature lies inside its class. */
  confidence: number;
  /** What it was decided on. */
  features: {
    ndviBefore: number;
    ndviAfter: number;
    ndwiAfter: number;
    redness: number;
    brightening: number;
    fill: number;
  };
}

/**
 * Decision limits. NDVI and NDWI as in METHODS §7; redness (R−B)/(R+B) tells soil (above .25 in the
 * laboratory and field spectra of METHODS §10) from roofs, concrete and asphalt (below .2).
 */
const limits = { water: 0.02, vegetated: 0.35, greenStep: 0.12, soilRedness: 0.22, roadFill: 0.3, roadPixels: 60 };

/** Types a patch by its mean spectra (both in one radiometry) and shape; first rules of METHODS §7. */
export function typeOf(before: number[], after: number[], bands: ColourBands, shape: PatchShape): TypedChange {
  const { blue, green, red, nearInfrared } = bands;
  const fill = shape.pixels / (shape.width * shape.height);
  const ratio = (values: number[], p: number | null, q: number | null) =>
    p === null || q === null ? Number.NaN : (values[p] - values[q]) / Math.max(1e-9, values[p] + values[q]);
  const features = {
    ndviBefore: ratio(before, nearInfrared, red),
    ndviAfter: ratio(after, nearInfrared, red),
    ndwiAfter: ratio(after, green, nearInfrared),
    redness: ratio(after, red, blue),
    brightening: brightness(after, bands) / brightness(before, bands),
    fill,
  };
  const [type, margin] = decide(features, shape);
  return { type, confidence: Math.max(0, Math.min(1, 0.5 + margin)), features: roundAll(features) };
}

function decide(f: TypedChange['features'], shape: PatchShape): [ChangeType, number] {
  if (Number.isNaN(f.ndviAfter) || Number.isNaN(f.redness)) return ['unknown', -0.5];
  if (f.ndwiAfter > limits.water) return ['water', f.ndwiAfter - limits.water];
  const greening = f.ndviAfter - f.ndviBefore;
  if (f.ndviAfter > limits.vegetated) {
    if (greening > limits.greenStep) return ['vegetation-gain', greening - limits.greenStep];
    if (greening < -limits.greenStep) return ['vegetation-loss', -greening - limits.greenStep];
    return ['unknown', -0.2];
  }
  if (f.redness > limits.soilRedness) return ['bare', f.redness - limits.soilRedness];
  const grey = limits.soilRedness - f.redness;
  const slender = shape.pixels >= limits.roadPixels && f.fill < limits.roadFill;
  return slender ? ['road', limits.roadFill - f.fill] : ['built', grey];
}

function brightness(values: number[], { blue, green, red }: ColourBands): number {
  if (blue === null || green === null || red === null) return Number.NaN;
  return (values[blue] + values[green] + values[red]) / 3;
}

/** Four digits: enough to argue from, and stable across machines. */
function roundAll<T extends Record<string, number>>(features: T): T {
  return Object.fromEntries(Object.entries(features).map(([k, v]) => [k, Math.round(v * 1e4) / 1e4])) as T;
}
