import { type FieldGround, type FieldState, fieldState } from './calendar.ts';
import type { Crop, CropPlan } from './crops.ts';
import type { Paint } from './paint.ts';
import type { Parcel } from './parcels.ts';
import { gaussian, seeded } from './random.ts';
import { blend, SPECTRA, type Spectrum, type SpectrumName, varied } from './spectra.ts';
import { paint } from './surface-paint.ts';

/** What one parcel looks like on one day; crops is null for parcels that are not farmland. */
export function parcelPaint(seed: number, parcel: Parcel, crops: CropPlan | null, day: number): Paint {
  const random = seeded(seed, 'tint', parcel.id);
  const brightness = Math.exp(0.09 * gaussian(random));
  const band = () => Math.exp(0.035 * gaussian(random));
  const tints: Spectrum = [band(), band(), band(), band()];
  const plain = crops === null ? standing(seed, parcel, day) : field(crops, fieldState(crops, day), parcel);
  return {
    ...plain,
    ground: varied(plain.ground, brightness, tints),
    cover: varied(plain.cover, brightness ** 0.7, tints),
    angle: parcel.angle,
  };
}

const GREEN: Record<Crop, SpectrumName> = {
  rice: 'riceGreen',
  maize: 'maizeGreen',
  groundnut: 'lowGreen',
  'sweet-potato': 'lowGreen',
  vegetables: 'leafGreen',
  tobacco: 'leafGreen',
  weeds: 'weedsGreen',
};

const RIPE: Record<Crop, SpectrumName> = {
  rice: 'riceRipe',
  maize: 'maizeRipe',
  groundnut: 'lowRipe',
  'sweet-potato': 'lowRipe',
  vegetables: 'lowRipe',
  tobacco: 'lowRipe',
  weeds: 'weedsDry',
};

const GROUND: Record<FieldGround, { spectrum: SpectrumName; grain: number; patchiness: number }> = {
  water: { spectrum: 'paddyWater', grain: 0.03, patchiness: 0.035 },
  mud: { spectrum: 'mud', grain: 0.05, patchiness: 0.06 },
  soil: { spectrum: 'soil', grain: 0.07, patchiness: 0.1 },
  straw: { spectrum: 'straw', grain: 0.06, patchiness: 0.12 },
  char: { spectrum: 'char', grain: 0.07, patchiness: 0.22 },
  film: { spectrum: 'film', grain: 0.04, patchiness: 0.04 },
};

function field(crops: CropPlan, state: FieldState, parcel: Parcel): Paint {
  const leaves = blend(SPECTRA[GREEN[state.crop]], SPECTRA[RIPE[state.crop]], state.ripeness);
  const under = GROUND[state.ground];
  // Half-open stands are the most uneven; closed ones hide the ground.
  const open = 4 * state.coverFraction * (1 - state.coverFraction);
  const base = paint(under.spectrum, leaves, state.coverFraction, {
    grain: under.grain * 0.6 + 0.035,
    patchiness: under.patchiness + 0.06 * open,
    unevenness: 0.04 + 0.06 * open,
  });
  const bedsM = 2.6 + (parcel.index % 5) * 0.9;
  if (state.ground === 'film')
    return { ...base, cover: SPECTRA.soil, coverFraction: 0.22, pattern: 'beds', periodM: bedsM, depth: 0.3 };
  if (crops.system === 'vegetables') return { ...base, pattern: 'beds', periodM: bedsM, depth: 0.3 };
  if (crops.system === 'fallow') return { ...base, patchiness: 0.22, unevenness: 0.14, grain: 0.08 };
  switch (state.name) {
    case 'stubble':
      return {
        ...base,
        cover: blend(leaves, SPECTRA.soil, 0.3),
        pattern: 'rows',
        periodM: 4.6,
        depth: 0.14,
        coverFraction: base.coverFraction + 0.14,
      };
    case 'ploughed':
      return { ...base, pattern: 'rows', periodM: 3.2, depth: 0.05, cover: SPECTRA.straw, coverFraction: 0.12 };
    case 'burnt':
      return { ...base, cover: SPECTRA.straw, coverFraction: 0.25, patchiness: 0.28 };
    case 'flooded':
      return { ...base, cover: SPECTRA.mud, coverFraction: 0.3, patchiness: 0.14 };
    default:
      return {
        ...base,
        pattern: 'rows',
        ...(crops.system === 'dry-crops' ? { periodM: 3, depth: 0.1 } : { periodM: 6.5, depth: 0.025 }),
      };
  }
}

/** Ponds, orchards, woods, homesteads: slow changes only. */
function standing(seed: number, parcel: Parcel, day: number): Paint {
  const random = seeded(seed, 'standing', parcel.id);
  switch (parcel.landClass) {
    case '1104': {
      const algae = Math.max(0, random() * 1.3 - 0.55) * (0.6 + 0.4 * Math.sin(day / 17 + 6 * random()));
      return paint(blend(SPECTRA.pondWater, SPECTRA.riverWater, random() * 0.8), 'pondAlgae', Math.max(0, algae), {
        patchiness: 0.08,
        unevenness: 0.1,
        grain: 0.03,
      });
    }
    case '02':
      return paint('grassDry', 'orchardCrown', 0.42 + 0.1 * random(), {
        patchiness: 0.08,
        grain: 0.08,
        pattern: 'lattice',
        periodM: 3.6 + 1.4 * random(),
        depth: 0.42,
      });
    case '03':
      return paint('crownShade', random() < 0.5 ? 'crownBamboo' : 'crownLit', 0.6, {
        patchiness: 0.05,
        grain: 0.1,
        pattern: 'crowns',
        depth: 0.34,
      });
    default:
      // Gardens and yards between the houses.
      return paint('courtyard', 'weedsGreen', 0.72, { patchiness: 0.24, unevenness: 0.12, grain: 0.16 });
  }
}
