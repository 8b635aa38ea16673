import { describe, expect, it } from 'vitest';
import { addDays, dayOfYear, fieldState } from '../../../services/simulation/calendar.ts';
import type { CropPlan, Season } from '../../../services/simulation/crops.ts';

const season = (facts: Partial<Season>): Season => ({
  crop: 'rice',
  wet: true,
  prepareDay: 112,
  sownDay: 122,
  fullCoverDay: 162,
  ripeFromDay: 180,
  harvestDay: 204,
  burntDay: null,
  regrowth: 1,
  ...facts,
});

const lateRice = season({ prepareDay: 207, sownDay: 217, fullCoverDay: 256, ripeFromDay: 285, harvestDay: 309 });
const doubleRice: CropPlan = { system: 'double-rice', seasons: [season({}), lateRice], film: null };
const on = (plan: CropPlan, date: string) => fieldState(plan, dayOfYear(date));

describe('double rice', () => {
  it('stands green in mid June, ripens in July and is cut by late July', () => {
    expect(on(doubleRice, '2024-06-15')).toMatchObject({ name: 'growing', ripeness: 0 });
    expect(on(doubleRice, '2024-06-15').coverFraction).toBeGreaterThan(0.9);
    expect(on(doubleRice, '2024-07-18').name).toBe('ripening');
    expect(on(doubleRice, '2024-07-23')).toMatchObject({ name: 'stubble', ground: 'straw' });
  });

  it('is ploughed, flooded and set out again within two weeks, and closed in mid September', () => {
    expect(on(doubleRice, '2024-07-26').name).toBe('ploughed');
    expect(on(doubleRice, '2024-08-02')).toMatchObject({ name: 'flooded', ground: 'water' });
    expect(on(doubleRice, '2024-08-11')).toMatchObject({ name: 'seedlings', ground: 'water' });
    expect(on(doubleRice, '2024-09-14').coverFraction).toBeGreaterThan(0.9);
  });
});

describe('a field after its last harvest', () => {
  const once: CropPlan = { system: 'single-rice', seasons: [season({ burntDay: 206 })], film: null };

  it('is black for a while where the straw was burnt, then weeds come', () => {
    expect(on(once, '2024-07-26')).toMatchObject({ name: 'burnt', ground: 'char' });
    expect(on(once, '2024-10-15')).toMatchObject({ name: 'fallow', crop: 'weeds' });
  });
});

it('plastic film covers whatever grows, from its first day to its last', () => {
  const plan: CropPlan = { ...doubleRice, film: { fromDay: 200, toDay: 230 } };
  expect(fieldState(plan, 199).name).not.toBe('film');
  expect(fieldState(plan, 200).name).toBe('film');
  expect(fieldState(plan, 230).name).not.toBe('film');
});

it('counts days of the year from 1, and over the leap day', () => {
  expect(dayOfYear('2024-01-01')).toBe(1);
  expect(dayOfYear('2024-12-31')).toBe(366);
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
});
