import type { Parcel } from './parcels.ts';
import { gaussian, type Random, seeded } from './random.ts';

export type Crop = 'rice' | 'maize' | 'groundnut' | 'sweet-potato' | 'vegetables' | 'tobacco' | 'weeds';

/** One crop on one field; all days are days of the year. */
export interface Season {
  crop: Crop;
  /** Grown in standing water. */
  wet: boolean;
  /** Ploughing begins; the season before ends. */
  prepareDay: number;
  sownDay: number;
  fullCoverDay: number;
  ripeFromDay: number;
  harvestDay: number;
  /** Straw burnt on this day, or not. */
  burntDay: number | null;
  /** How fast weeds come after the harvest, about 1. */
  regrowth: number;
}

export type CropSystem =
  | 'double-rice'
  | 'single-rice'
  | 'rice-then-dry'
  | 'tobacco-then-rice'
  | 'dry-crops'
  | 'vegetables'
  | 'fallow';

/** What is grown on one field in one year. Seasons in order. */
export interface CropPlan {
  system: CropSystem;
  seasons: Season[];
  /** Plastic tunnels or mulch over the beds for a while. */
  film: { fromDay: number; toDay: number } | null;
}

/**
 * The year of one farmland parcel. Neighbours (a block) share machines and so dates; each parcel is a
 * few days off; the whole county is early or late in a year.
 */
export function planCrops(seed: number, parcel: Parcel): CropPlan {
  const year = seeded(seed, 'crop-year');
  const block = seeded(seed, 'crop-block', parcel.block);
  const own = seeded(seed, 'crop-parcel', parcel.id);
  const dates: Dates = {
    late: 3 * gaussian(year) + 3.5 * gaussian(block) + 2.2 * gaussian(own),
    random: own,
  };
  const system = parcel.landClass === '0101' ? paddySystem(block, own) : drySystem(own);
  return SYSTEMS[system](system, dates);
}

interface Dates {
  /** Days later than the usual. */
  late: number;
  random: Random;
}

/** Most of a block goes one way; one parcel in five does something else. */
function paddySystem(block: Random, own: Random): CropSystem {
  const draw = own() < 0.8 ? block() : own();
  if (draw < 0.58) return 'double-rice';
  if (draw < 0.78) return 'single-rice';
  if (draw < 0.85) return 'rice-then-dry';
  if (draw < 0.9) return 'tobacco-then-rice';
  return draw < 0.95 ? 'fallow' : 'vegetables';
}

function drySystem(own: Random): CropSystem {
  const draw = own();
  if (draw < 0.55) return 'dry-crops';
  return draw < 0.88 ? 'vegetables' : 'fallow';
}

const SYSTEMS: Record<CropSystem, (system: CropSystem, dates: Dates) => CropPlan> = {
  'double-rice': (system, dates) => {
    const early = rice(dates, { sown: 122, growDays: 82, fullAfter: 40 });
    // Late rice must stand in the water by 7 August (day 220), however late the early crop was cut.
    const sown = Math.min(220, early.harvestDay + 7 + 6 * dates.random());
    const late = rice({ ...dates, late: 0 }, { sown, growDays: 92, fullAfter: 38 });
    late.prepareDay = early.harvestDay + 0.25 * (sown - early.harvestDay);
    return { system, seasons: [early, late], film: null };
  },
  'single-rice': (system, dates) => {
    const crop = rice(dates, { sown: 163, growDays: 104, fullAfter: 44 });
    return { system, seasons: [weedsUntil(crop.prepareDay), crop], film: null };
  },
  'rice-then-dry': (system, dates) => {
    const early = rice(dates, { sown: 121, growDays: 83, fullAfter: 40 });
    early.regrowth = 1.5;
    const dry = dryCrop(dates, dates.random() < 0.5 ? 'sweet-potato' : 'vegetables', early.harvestDay + 16, 55, 100);
    return { system, seasons: dates.random() < 0.35 ? [early] : [early, dry], film: null };
  },
  'tobacco-then-rice': (system, dates) => {
    const tobacco = dryCrop(dates, 'tobacco', 85, 50, 108);
    const late = rice(dates, { sown: 208, growDays: 92, fullAfter: 40 });
    return { system, seasons: [tobacco, late], film: null };
  },
  'dry-crops': (system, dates) => {
    const spring = dates.random() < 0.55 ? 'maize' : 'groundnut';
    const first = dryCrop(dates, spring, 96, 52, 108);
    const second = dryCrop(dates, dates.random() < 0.6 ? 'sweet-potato' : 'groundnut', first.harvestDay + 14, 48, 95);
    return { system, seasons: dates.random() < 0.2 ? [first] : [first, second], film: null };
  },
  vegetables: (system, dates) => {
    const start = 92 + 30 * dates.random();
    const seasons = [0, 1, 2, 3].map((round) => dryCrop(dates, 'vegetables', start + round * 48, 26, 40));
    const fromDay = 190 + 65 * dates.random();
    const film = dates.random() < 0.09 ? { fromDay, toDay: fromDay + 25 + 40 * dates.random() } : null;
    return { system, seasons, film };
  },
  fallow: (system, dates) => {
    const season = weedsUntil(400);
    season.regrowth = 0.4 + 1.1 * dates.random();
    season.harvestDay = dates.random() < 0.3 ? 170 + 80 * dates.random() : 500;
    return { system, seasons: [season], film: null };
  },
};

function rice(dates: Dates, typical: { sown: number; growDays: number; fullAfter: number }): Season {
  const sownDay = typical.sown + dates.late;
  const harvestDay = sownDay + typical.growDays + 1.5 * gaussian(dates.random);
  return {
    crop: 'rice',
    wet: true,
    prepareDay: sownDay - 9,
    sownDay,
    fullCoverDay: sownDay + typical.fullAfter,
    ripeFromDay: harvestDay - 24,
    harvestDay,
    burntDay: dates.random() < 0.13 ? harvestDay + 1 + 3 * dates.random() : null,
    regrowth: 0.6 + 0.8 * dates.random(),
  };
}

function dryCrop(dates: Dates, crop: Crop, sown: number, fullAfter: number, growDays: number): Season {
  const sownDay = sown + dates.late + 4 * gaussian(dates.random);
  const harvestDay = sownDay + growDays + 3 * gaussian(dates.random);
  return {
    crop,
    wet: false,
    prepareDay: sownDay - 8,
    sownDay,
    fullCoverDay: sownDay + fullAfter,
    ripeFromDay: harvestDay - (crop === 'vegetables' ? 4 : 20),
    harvestDay,
    burntDay: crop === 'maize' && dates.random() < 0.1 ? harvestDay + 3 : null,
    regrowth: 0.7 + 0.8 * dates.random(),
  };
}

/** Weeds from the new year until a crop is prepared. */
function weedsUntil(day: number): Season {
  return {
    crop: 'weeds',
    wet: false,
    prepareDay: 0,
    sownDay: 0,
    fullCoverDay: 30,
    ripeFromDay: 215,
    harvestDay: day + 500,
    burntDay: null,
    regrowth: 0.8,
  };
}
