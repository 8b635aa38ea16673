import type { Paint, Pattern } from './paint.ts';
import { blend, SPECTRA, type Spectrum, type SpectrumName, varied } from './spectra.ts';
import { ROOF_KINDS, ROOF_VARIANTS, type RoofKind } from './villages.ts';

/** Surfaces that are not parcels: each has one slot in the table of paints. */
const SURFACES = [
  'margin',
  'shrub',
  'forest',
  'pines',
  'bamboo',
  'asphalt',
  'concrete-road',
  'dirt-track',
  'ditch',
  'river',
  'gravel-bar',
  'tree-0',
  'tree-1',
  'tree-2',
  'courtyard',
  'subsoil-red',
  'subsoil-yellow',
  'subsoil-damp',
  'concrete',
  'gravel',
  'sand',
  'spoil',
  'fresh-pond',
  'young-orchard',
  'metal-plain',
  'vehicle-dark',
  'vehicle-bright',
] as const;

export type Surface = (typeof SURFACES)[number];

const ROOF_SLOTS = ROOF_KINDS.length * ROOF_VARIANTS * 2;

/** Slots before the parcels' own. */
export const SHARED_SLOTS = SURFACES.length + ROOF_SLOTS;

const SLOT_OF = new Map<Surface, number>(SURFACES.map((surface, slot) => [surface, slot]));

export function surfaceSlot(surface: Surface): number {
  return SLOT_OF.get(surface)!;
}

export function roofSlot(roof: RoofKind, variant: number, lit: boolean): number {
  return SURFACES.length + (ROOF_KINDS.indexOf(roof) * ROOF_VARIANTS + variant) * 2 + (lit ? 0 : 1);
}

/** The paints of all shared slots on one day of the year. */
export function surfacePaints(day: number): Paint[] {
  const paints = SURFACES.map((surface) => SURFACE_PAINTS[surface](day));
  for (const roof of ROOF_KINDS) {
    for (let variant = 0; variant < ROOF_VARIANTS; variant++) {
      paints.push(roofPaint(roof, variant, true), roofPaint(roof, variant, false));
    }
  }
  return paints;
}

export function paint(
  ground: SpectrumName | Spectrum,
  cover: SpectrumName | Spectrum,
  coverFraction: number,
  rest: Partial<Paint> = {},
): Paint {
  return {
    ground: typeof ground === 'string' ? SPECTRA[ground] : ground,
    cover: typeof cover === 'string' ? SPECTRA[cover] : cover,
    coverFraction,
    patchiness: 0.1,
    unevenness: 0.05,
    grain: 0.05,
    pattern: 'none',
    periodM: 4,
    angle: 0.3,
    depth: 0,
    ...rest,
  };
}

const wooded = (lit: SpectrumName, day: number): Paint =>
  // The lower autumn sun leaves more of the crowns in shade.
  paint('crownShade', lit, 0.62 - 0.0012 * (day - 165), {
    patchiness: 0.06,
    unevenness: 0.1,
    grain: 0.1,
    pattern: 'crowns',
    depth: 0.34,
  });

const grassy = (day: number): Spectrum => blend(SPECTRA.grass, SPECTRA.grassDry, Math.max(0, (day - 200) / 160));

const ridged = (pattern: Pattern, periodM: number, depth: number): Partial<Paint> => ({ pattern, periodM, depth });

const SURFACE_PAINTS: Record<Surface, (day: number) => Paint> = {
  margin: (day) => paint('soil', grassy(day), 0.8, { patchiness: 0.16, unevenness: 0.1, grain: 0.12 }),
  shrub: (day) => paint(grassy(day), 'shrub', 0.5, { patchiness: 0.35, unevenness: 0.2, grain: 0.12 }),
  forest: (day) => wooded('crownLit', day),
  pines: (day) => wooded('crownPine', day),
  bamboo: (day) => wooded('crownBamboo', day),
  asphalt: () => paint('asphalt', 'concreteOld', 0.06, { patchiness: 0.04, grain: 0.04 }),
  'concrete-road': () => paint('courtyard', 'concreteOld', 0.55, { patchiness: 0.14, unevenness: 0.3 }),
  'dirt-track': (day) => paint('dirtRoad', grassy(day), 0.3, { patchiness: 0.25, unevenness: 0.15, grain: 0.08 }),
  ditch: (day) => paint('pondWater', grassy(day), 0.5, { patchiness: 0.3, unevenness: 0.15 }),
  river: (day) =>
    paint('riverWater', 'pondWater', 0.2 + 0.004 * (day - 165), { patchiness: 0.05, unevenness: 0.14, grain: 0.03 }),
  'gravel-bar': (day) => paint('gravelBar', grassy(day), 0.45, { patchiness: 0.3, unevenness: 0.35, grain: 0.1 }),
  'tree-0': () => paint('crownShade', 'crownLit', 0.78, { patchiness: 0.05, grain: 0.2 }),
  'tree-1': () => paint('crownShade', 'crownBamboo', 0.75, { patchiness: 0.05, grain: 0.18 }),
  'tree-2': () => paint('crownShade', 'orchardCrown', 0.8, { patchiness: 0.05, grain: 0.2 }),
  courtyard: () => paint('courtyard', 'concreteOld', 0.5, { patchiness: 0.3, unevenness: 0.2, grain: 0.08 }),
  'subsoil-red': () => paint('subsoilRed', 'subsoilDamp', 0.25, { patchiness: 0.24, unevenness: 0.12, grain: 0.09 }),
  'subsoil-yellow': () =>
    paint('subsoilYellow', 'subsoilRed', 0.3, {
      patchiness: 0.28,
      unevenness: 0.12,
      grain: 0.08,
      ...ridged('rows', 5, 0.16),
    }),
  'subsoil-damp': () => paint('subsoilDamp', 'mud', 0.3, { patchiness: 0.25, unevenness: 0.1, grain: 0.1 }),
  concrete: () =>
    paint('concreteNew', 'concreteOld', 0.45, { patchiness: 0.12, grain: 0.03, ...ridged('slabs', 6, 0.35) }),
  gravel: () => paint('gravel', 'courtyard', 0.35, { patchiness: 0.22, grain: 0.09 }),
  sand: () => paint('sand', 'gravelBar', 0.3, { patchiness: 0.25, unevenness: 0.1, grain: 0.07 }),
  spoil: () => paint('subsoilYellow', 'gravel', 0.5, { patchiness: 0.4, grain: 0.2 }),
  'fresh-pond': () => paint('paddyWater', 'riverWater', 0.4, { patchiness: 0.08, grain: 0.03 }),
  'young-orchard': (day) =>
    paint('soil', 'lowGreen', Math.min(0.4, 0.16 + 0.0025 * (day - 190)), {
      patchiness: 0.08,
      ...ridged('lattice', 3.5, 0.5),
    }),
  'metal-plain': () =>
    paint('concreteNew', 'metalWhite', 0.5, { patchiness: 0.02, grain: 0.02, ...ridged('slabs', 12, 0.3) }),
  'vehicle-dark': () => paint('asphalt', 'tileGrey', 0.5),
  'vehicle-bright': () => paint('metalWhite', 'concreteNew', 0.4),
};

const ROOF_SPECTRA: Record<RoofKind, SpectrumName> = {
  'tile-grey': 'tileGrey',
  'tile-dark': 'tileDark',
  'tile-red': 'tileRed',
  'metal-blue': 'metalBlue',
  'metal-white': 'metalWhite',
  concrete: 'concreteNew',
  terrace: 'terrace',
};

/** The slope away from the sun gets a little more than half the light. */
function roofPaint(roof: RoofKind, variant: number, lit: boolean): Paint {
  const brightness = (0.82 + 0.18 * variant) * (lit ? 1.05 : 0.62);
  const tone = varied(SPECTRA[ROOF_SPECTRA[roof]], brightness, [1, 1, 1, 1]);
  return paint(tone, blend(tone, SPECTRA.tileDark, 0.5), 0.12, { patchiness: 0.1, unevenness: 0, grain: 0.05 });
}
