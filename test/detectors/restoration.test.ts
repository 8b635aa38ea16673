import { describe, expect, it } from 'vitest';
import { type Restoration, restorationOf } from '../../detectors/restoration.ts';
import { plantedRemedy, type RemedyPlan, type Surface } from '../support/planted-remedies.ts';

type Crops = RemedyPlan['crops'];

const green: [Surface, Surface] = ['canopy', 'lawn'];
const stubble: [Surface, Surface] = ['litter', 'dryGrass'];
const tilled: [Surface, Surface] = ['fieldSoil', 'loam'];
const built: Surface[] = ['concrete', 'metal', 'paint', 'bluePaint', 'asphalt', 'film'];
const seasons: Record<string, Crops> = {
  'green before and now': { before: green, after: green, now: green },
  'green before, harvested now': { before: green, after: green, now: stubble },
  'green before, ploughed now': { before: green, after: stubble, now: tilled },
  'ploughed before, green now': { before: tilled, after: stubble, now: green },
};
const days = [
  { light: 1, shiftPx: 0 },
  { light: 1.08, shiftPx: 0 },
  { light: 0.93, shiftPx: 1 },
];

/** A look at each surface in each season, on days in turn; `now` undefined: what was built still stands. */
function looks(now: Surface | 'crop' | undefined, plan: Partial<RemedyPlan> = {}): [string, Restoration][] {
  return Object.entries(seasons).flatMap(([season, crops], k) =>
    built.map((changedTo, s): [string, Restoration] => {
      const day = days[(k + s) % days.length];
      const look = plantedRemedy({ seed: 100 * s + k, crops, changedTo, ...day, now: now ?? changedTo, ...plan });
      return [`${changedTo}, ${season}, light ${day.light}`, restorationOf(look)];
    }),
  );
}

describe('ground that was built on', () => {
  it('is restored where it looks as the fields around do, whatever the season', () => {
    for (const [name, seen] of looks('crop')) {
      expect([name, seen.observed]).toEqual([name, 1]);
      expect(seen.restored, name).toBeGreaterThan(0.9);
      expect(seen.built, name).toBeLessThan(0.05);
    }
  });

  it('is still built where it stands, whatever the fields around have become', () => {
    for (const [name, seen] of looks(undefined)) {
      expect(seen.restored, name).toBeLessThan(0.05);
      expect(seen.built, name).toBeGreaterThan(0.9);
      expect(seen.contrast, name).toBeGreaterThan(1.5);
    }
  });

  it('is neither where it was torn down and no field made of it', () => {
    for (const [name, seen] of looks('redClay').filter(([name]) => /green before and now|, green now/.test(name))) {
      expect(seen.restored, name).toBeLessThan(0.1);
    }
    const rubble = looks('sand').filter(([name]) => /asphalt|bluePaint/.test(name));
    for (const [name, seen] of rubble) expect(seen.cleared, name).toBeGreaterThan(0.9);
  });

  it('is restored in part where part of it stands, in shares that come near the truth', () => {
    for (const [name, seen] of looks('crop', { left: 0.5 })) {
      expect(Math.abs(seen.built - 0.5), name).toBeLessThan(0.08);
      expect(Math.abs(seen.restored - 0.5), name).toBeLessThan(0.08);
    }
  });

  it('is judged only where it is seen, and the share that is seen is told', () => {
    for (const [name, seen] of looks('crop', { hidden: 0.5 })) {
      expect(seen.observed, name).toBe(0.5);
      expect(seen.restored, name).toBeGreaterThan(0.9);
    }
    const crops = seasons['green before and now'];
    const unseen = restorationOf(plantedRemedy({ seed: 1, crops, changedTo: 'metal', now: 'crop', hidden: 1 }));
    expect(unseen).toMatchObject({ observed: 0, restored: 0, built: 0, cleared: 0, unclear: 0 });
  });
});

describe('what a look cannot tell', () => {
  it('a lot that was dug up has no contrast among ploughed fields, and much among green ones', () => {
    const dug = (now: [Surface, Surface]) =>
      restorationOf(
        plantedRemedy({
          seed: 4,
          crops: { before: green, after: green, now },
          changedTo: 'fieldSoil',
          now: 'fieldSoil',
        }),
      );
    expect(dug(tilled).contrast).toBeLessThan(1);
    expect(dug(green).contrast).toBeGreaterThan(3);
    expect(dug(green).built).toBeGreaterThan(0.9);
  });

  it('a hamlet beside it that is as old as the hills is no field, and what was built at the same time is none', () => {
    const looks = plantedRemedy({ seed: 5, crops: seasons['green before and now'], changedTo: 'metal', now: 'metal' });
    // A second roof of the same make beside it, which makes up a fifth of what lies around.
    for (let y = 10; y < 30; y++) {
      for (let x = 5; x < 91; x++) {
        const [i, j] = [y * looks.width + x, (32 + (y % 20)) * looks.width + 40];
        for (const day of ['after', 'now'] as const) for (const band of looks[day]) band[i] = band[j];
      }
    }
    const seen = restorationOf(looks);
    expect(seen.restored).toBe(0);
    expect(seen.built).toBeGreaterThan(0.9);
  });

  it('a place without fields around it is judged by what it was before, or by its green', () => {
    const crops = seasons['green before and now'];
    const alone = (now: Surface | 'crop') => {
      const looks = plantedRemedy({ seed: 6, crops, changedTo: 'metal', now });
      // Nothing of the surroundings is seen on the first day.
      looks.seen.before.forEach((_, i) => {
        if (!looks.place[i]) looks.seen.before[i] = 0;
      });
      return restorationOf(looks);
    };
    expect(alone('crop')).toMatchObject({ fields: 0, contrast: null, restored: 1 });
    expect(alone('metal')).toMatchObject({ fields: 0, contrast: null, restored: 0 });
    expect(alone('fieldSoil').cleared).toBeGreaterThan(0.9);
  });
});
