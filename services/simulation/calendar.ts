import type { CropPlan, Season } from './crops.ts';

/** What one field looks like on one day. */
export interface FieldState {
  /** What a farmer would say of it; used in the truth file. */
  name: FieldStateName;
  ground: FieldGround;
  /** Share of the ground under leaves, 0-1. */
  coverFraction: number;
  /** 0 green to 1 ripe. */
  ripeness: number;
  /** Leaves of which crop, or of the weeds on its stubble. */
  crop: Season['crop'];
}

export type FieldStateName =
  | 'growing'
  | 'ripening'
  | 'stubble'
  | 'burnt'
  | 'ploughed'
  | 'flooded'
  | 'seedlings'
  | 'fallow'
  | 'film';

export type FieldGround = 'water' | 'mud' | 'soil' | 'straw' | 'char' | 'film';

/** The state of a field on a day of the year (1 January = 1). */
export function fieldState(plan: CropPlan, day: number): FieldState {
  const season = plan.seasons.findLast((candidate) => candidate.prepareDay <= day) ?? plan.seasons[0];
  if (plan.film !== null && day >= plan.film.fromDay && day < plan.film.toDay) {
    return { name: 'film', ground: 'film', coverFraction: 0.05, ripeness: 0, crop: season.crop };
  }
  if (season.crop === 'weeds') return weeds(season, day);
  if (day < season.sownDay) return prepared(season, day);
  return day < season.harvestDay ? standing(season, day) : residue(season, day);
}

/** Ploughed first, then (paddies) under water until the seedlings are set. */
function prepared(season: Season, day: number): FieldState {
  const flooded = season.wet && day >= (season.prepareDay + season.sownDay) / 2;
  return {
    name: flooded ? 'flooded' : 'ploughed',
    ground: flooded ? 'water' : season.wet ? 'mud' : 'soil',
    coverFraction: 0.02,
    ripeness: 0,
    crop: season.crop,
  };
}

function standing(season: Season, day: number): FieldState {
  const age = (day - season.sownDay) / (season.fullCoverDay - season.sownDay);
  // Leaves close logistically: 6 % at setting out, half at 55 % of the way, 95 % at full cover.
  const coverFraction = 0.02 + 0.95 / (1 + Math.exp(-6.5 * (age - 0.55)));
  const ripeness = Math.min(
    1,
    Math.max(0, (day - season.ripeFromDay) / Math.max(1, season.harvestDay - season.ripeFromDay)),
  );
  const name = ripeness > 0.4 ? 'ripening' : coverFraction < 0.3 ? 'seedlings' : 'growing';
  // Paddies are drained before the ears ripen.
  const ground = season.wet ? (day < season.ripeFromDay - 12 ? 'water' : 'mud') : 'soil';
  return { name, ground, coverFraction, ripeness, crop: season.crop };
}

/** Straw, sometimes burnt, and the weeds and second growth that come through it. */
function residue(season: Season, day: number): FieldState {
  const burnt = season.burntDay !== null && day >= season.burntDay;
  const since = day - (burnt ? season.burntDay! : season.harvestDay);
  const regrowth = Math.min(0.55, Math.max(0, (since - 4) * 0.012 * season.regrowth));
  return {
    name: burnt && since < 20 ? 'burnt' : regrowth > 0.4 ? 'fallow' : 'stubble',
    ground: burnt && since < 35 ? 'char' : 'straw',
    coverFraction: regrowth,
    ripeness: 0.15,
    crop: 'weeds',
  };
}

function weeds(season: Season, day: number): FieldState {
  // Weeds are thick after the rains and dry out somewhat towards autumn; mowing sets them back.
  const mown = day >= season.harvestDay && day < season.harvestDay + 30 ? 0.45 : 0;
  const ripeness = Math.min(0.7, Math.max(0, (day - season.ripeFromDay) / 80));
  return {
    name: 'fallow',
    ground: 'soil',
    coverFraction: Math.max(0.15, 0.45 + 0.3 * season.regrowth - mown),
    ripeness,
    crop: 'weeds',
  };
}

/** Day of the year of a date YYYY-MM-DD; 1 January is 1. */
export function dayOfYear(date: string): number {
  return Math.round((Date.parse(date) - Date.parse(`${date.slice(0, 4)}-01-01`)) / 86_400_000) + 1;
}

/** The date `days` after YYYY-MM-DD. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
