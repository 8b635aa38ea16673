import { describe, expect, it } from 'vitest';
import { rocAuc } from '../../detectors/accuracy.ts';
import { fitChangeModel, scoreWindow } from '../../detectors/model.ts';
import { kindsOf, nearestKind } from '../../detectors/strata.ts';
import { masked } from '../support/planted-pair.ts';
import { seededNormal, seededRandom } from '../support/random.ts';

const side = 140;
const random = seededRandom(6);
const normal = seededNormal(7);
const inBlock = (i: number) => i % side >= 60 && i % side < 80 && i >= side * 60 && i < side * 80;
/** Two kinds of ground, woods and fields, in four bands: what they are in summer and what becomes of them in winter. */
const summer = { wood: [200, 300, 150, 2500], field: [500, 700, 500, 1800] };
const winter = { wood: [300, 350, 400, 900], field: [450, 650, 900, 1100] };
const bare = [600, 800, 1000, 1300];
const isWood = (i: number) => Math.floor((i % side) / 50) !== 0;
const ofField = Array.from({ length: 400 }, () => 0.6 + 0.8 * random());
const lush = (i: number) => (isWood(i) ? 1 : ofField[Math.floor((i % side) / 9) + 16 * Math.floor(i / side / 9)]);

function image(of: (i: number) => number[], factor: (i: number) => number): Float32Array[] {
  return [0, 1, 2, 3].map((band) =>
    Float32Array.from({ length: side * side }, (_, i) => of(i)[band] * factor(i) + 20 * normal()),
  );
}

const before = image((i) => (isWood(i) ? summer.wood : summer.field), lush);
/** Fields go over into winter in their many ways; a block of the wood was cleared. */
const after = image(
  (i) => (inBlock(i) ? bare : isWood(i) ? winter.wood : winter.field),
  (i) => (isWood(i) ? 1 : 2 - lush(i)),
);
const window = { width: side, height: side, before, after, mask: new Uint8Array(side * side).fill(1) };
const truth = Uint8Array.from({ length: side * side }, (_, i) => (inBlock(i) ? 1 : 0));

describe('chronochrome between summer and winter', () => {
  const model = fitChangeModel([window], 'chronochrome', null);
  const score = scoreWindow(model, window);
  const flagged = score.map((value) => (value > model.threshold.value ? 1 : 0));

  it('finds a clearing in the wood, while woods and fields turn with the season', () => {
    expect(rocAuc(score, truth)).toBeGreaterThan(0.995);
    const found = truth.filter((one, i) => one && flagged[i]).length;
    expect(found / 400).toBeGreaterThan(0.9);
    expect((flagged.reduce((sum, one) => sum + one, 0) - found) / score.length).toBeLessThan(0.02);
  });

  it('is plain data', () => {
    expect(scoreWindow(JSON.parse(JSON.stringify(model)), window)).toEqual(score);
  });

  it('says little of ground whose before image is unlike anything: a cloud that is gone', () => {
    const cloud = (i: number) => i % side > 100 && i % side < 132 && i > side * 10 && i < side * 42;
    const cloudy = before.map((band) => band.map((value, i) => (cloud(i) ? 9000 + (value % 700) : value)));
    const pair = { ...window, before: cloudy };
    const fitted = fitChangeModel([pair], 'chronochrome', null);
    const scores = scoreWindow(fitted, pair);
    const wrong = scores.filter((value, i) => cloud(i) && value > fitted.threshold.value).length;
    expect(wrong / 900).toBeLessThan(0.1);
  });

  it('does not see what no date observed', () => {
    const holed = masked(window, (column) => column % 7 !== 0);
    const scores = scoreWindow(fitChangeModel([holed], 'chronochrome', null), holed);
    expect(Uint8Array.from(scores, (value) => (Number.isNaN(value) ? 0 : 1))).toEqual(holed.mask);
  });

  it('calls nothing changed between identical and between constant images', () => {
    const flat = before.map(() => new Float32Array(side * side).fill(3));
    for (const pair of [
      { ...window, after: before },
      { ...window, before: flat, after: flat },
    ]) {
      const fitted = fitChangeModel([pair], 'chronochrome', null);
      expect(scoreWindow(fitted, pair).some((value) => value > fitted.threshold.value)).toBe(false);
    }
  });
});

describe('kinds of ground', () => {
  it('part clear clusters, and small ones join their neighbours', () => {
    const levels = [0, 10, 20];
    const bands = [0, 1].map((band) =>
      Float32Array.from({ length: 3000 }, (_, i) => (i < 20 ? 50 : levels[i % 3] * (band + 1)) + normal()),
    );
    const kinds = kindsOf(bands, 8, 400);
    expect(kinds.count).toBeGreaterThanOrEqual(3);
    const of = Array.from({ length: 3000 }, (_, i) => nearestKind(kinds, bands, i));
    const sizes = Array.from({ length: kinds.count }, (_, k) => of.filter((kind) => kind === k).length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(350);
    for (let k = 0; k < kinds.count; k++) {
      const members = new Set(of.flatMap((kind, i) => (kind === k && i >= 20 ? [i % 3] : [])));
      expect(members.size).toBe(1);
    }
  });
});
