import { describe, expect, it } from 'vitest';
import { cropStateChange, cropStateParameters, type Look } from '../../detectors/crop-state.ts';
import type { PairWindow } from '../../detectors/features.ts';
import { open3x3 } from '../../detectors/smoothing.ts';
import { seededNormal } from '../support/random.ts';

/** Reflectance × 10,000 in B, G, R, N: paddy before and after the harvest, maize that still stands, and a roof. */
const states = {
  paddy: [420, 780, 520, 3900],
  stubble: [1050, 1400, 1750, 2600],
  maize: [500, 900, 700, 3300],
  roof: [2400, 2500, 2600, 2700],
};
type State = keyof typeof states;

const width = 700;
const height = 300;
/** Fields of 50 × 50 pixels; every third column of fields is maize, the others are harvested. */
const fieldPx = 50;
const bands = [0, 1, 2, 3];

interface Place {
  column: number;
  row: number;
}

interface Plan {
  /** What lies somewhere on the second date instead of crops. */
  built?: (place: Place) => boolean;
  /** Share of the light that is left on the second date. */
  light?: (place: Place) => number;
  observed?: (place: Place) => boolean;
}

function stateOf({ column }: Place, date: 'before' | 'after'): State {
  if (Math.floor(column / fieldPx) % 3 === 0) return 'maize';
  return date === 'before' ? 'paddy' : 'stubble';
}

function planted({ built = () => false, light = () => 1, observed = () => true }: Plan): PairWindow {
  const normal = seededNormal(17);
  const count = width * height;
  const empty = () => bands.map(() => new Float32Array(count));
  const pair = { width, height, before: empty(), after: empty(), mask: new Uint8Array(count) };
  for (let i = 0; i < count; i++) {
    const place = { column: i % width, row: Math.floor(i / width) };
    pair.mask[i] = observed(place) ? 1 : 0;
    const [was, is] = [states[stateOf(place, 'before')], states[built(place) ? 'roof' : stateOf(place, 'after')]];
    for (const band of bands) {
      pair.before[band][i] = was[band] * (1 + 0.03 * normal());
      pair.after[band][i] = is[band] * light(place) * (1 + 0.03 * normal());
    }
  }
  return pair;
}

/** What the middle of each field shows. */
function looksOf(pair: PairWindow): Look[] {
  const looks: Look[] = [];
  for (let row = fieldPx / 2; row < height; row += fieldPx) {
    for (let column = fieldPx / 2; column < width; column += fieldPx) {
      const i = row * width + column;
      const spectrum = (of: Float32Array[]) => of.map((band) => band[i]);
      looks.push({ before: spectrum(pair.before), after: spectrum(pair.after), column, row });
    }
  }
  return looks;
}

/** Changed pixels, without the seams between fields, where means over 3 × 3 pixels are of two crops: as in a run. */
function changedPixels(excess: Float32Array): number {
  const changed = Uint8Array.from(excess, (value) => (value > 1 ? 1 : 0));
  return open3x3(changed, width).filter((one) => one === 1).length;
}

const index = ({ column, row }: Place) => row * width + column;
const inBox = ({ column, row }: Place, left: number, top: number, side: number) =>
  column >= left && column < left + side && row >= top && row < top + side;
const maizeField = { column: 325, row: 125 };
const paddyField = { column: 225, row: 125 };

describe('among parcels that say what crops look like this month', () => {
  it('the harvest of most of them is the season, and no change', () => {
    const pair = planted({});
    const { excess, seasonal } = cropStateChange(pair, bands, looksOf(pair), null)!;
    expect(seasonal[index(paddyField)]).toBe(1);
    expect(seasonal[index(maizeField)]).toBe(0);
    expect(excess[index(paddyField)]).toBeLessThanOrEqual(1);
    expect(changedPixels(excess)).toBe(0);
  });

  it.each([
    ['a field that was harvested', paddyField],
    ['a field that did not change', maizeField],
  ])('a house in %s is a change, and only the house', (_, field) => {
    const [left, top] = [field.column - 6, field.row - 6];
    const pair = planted({ built: (place) => inBox(place, left, top, 12) });
    const { excess, seasonal } = cropStateChange(pair, bands, looksOf(pair), null)!;
    expect(excess[index(field)]).toBeGreaterThan(1.5);
    expect(seasonal[index(field)]).toBe(0);
    expect(changedPixels(excess)).toBeGreaterThan(0.9 * 144);
    // Means over 3 × 3 pixels let it grow by one pixel.
    expect(changedPixels(excess)).toBeLessThanOrEqual(14 * 14);
  });

  it('a building site over many parcels at one place does not become a crop by their number', () => {
    // Four fields, as many as would make a crop in four places.
    const pair = planted({ built: (place) => inBox(place, 150, 150, 100) });
    const looks = looksOf(pair);
    expect(looks.filter((look) => inBox(look, 150, 150, 100))).toHaveLength(4);
    const { excess } = cropStateChange(pair, bands, looks, null)!;
    expect(excess[index({ column: 225, row: 225 })]).toBeGreaterThan(1);
  });

  it('a crop that may lie in a cloud shadow is unobserved, not changed', () => {
    const dark = (place: Place) => inBox(place, 203, 103, 44);
    const pair = planted({ light: (place) => (dark(place) ? 0.45 : 1) });
    const mayBeShaded = Uint8Array.from(pair.mask, (_, i) =>
      inBox({ column: i % width, row: Math.floor(i / width) }, 150, 50, 150) ? 1 : 0,
    );
    const { excess, shaded } = cropStateChange(pair, bands, looksOf(pair), mayBeShaded)!;
    expect(shaded[index(paddyField)]).toBe(1);
    expect(excess[index(paddyField)]).toBeNaN();
    expect(changedPixels(excess)).toBe(0);
    // Outside the shadow nothing is taken for hidden.
    expect(shaded[index({ column: 175, row: 75 })]).toBe(0);
  });

  it('a roof is a change even where a shadow may lie', () => {
    const pair = planted({ built: (place) => inBox(place, 219, 119, 12) });
    const everywhere = new Uint8Array(pair.mask.length).fill(1);
    const { excess, shaded } = cropStateChange(pair, bands, looksOf(pair), everywhere)!;
    expect(shaded[index(paddyField)]).toBe(0);
    expect(excess[index(paddyField)]).toBeGreaterThan(1.5);
  });

  it('what nobody observed is neither changed nor seasonal, and its numbers do not matter', () => {
    const hidden = (place: Place) => inBox(place, 210, 110, 30);
    const pair = planted({ observed: (place) => !hidden(place) });
    for (const band of pair.after) {
      for (let i = 0; i < band.length; i++) if (!pair.mask[i]) band[i] = Number.NaN;
    }
    const looks = looksOf(pair).filter((look) => !hidden(look));
    const { excess, seasonal } = cropStateChange(pair, bands, looks, null)!;
    expect(excess[index(paddyField)]).toBeNaN();
    expect(seasonal[index(paddyField)]).toBe(0);
    // Right beside the hole the mean is taken over what is left.
    expect(excess[index({ column: 209, row: 125 })]).toBeLessThanOrEqual(1);
  });
});

it('too few parcels say nothing', () => {
  const pair = planted({});
  const looks = looksOf(pair).slice(0, cropStateParameters.leastLooks - 1);
  expect(cropStateChange(pair, bands, looks, null)).toBeNull();
});
