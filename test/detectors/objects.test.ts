import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  connectedObjects,
  cutTo,
  judgeObjects,
  matchObjects,
  type Objects,
  objectFigures,
  objectsOf,
  pixelsOn,
} from '../../detectors/objects.ts';
import { rectangleRuns } from '../../detectors/runs.ts';
import { anyBitmap, bitmapOf, floodFill, runsOfBitmap } from '../support/bitmaps.ts';

const objectsIn = (...lines: string[]) => connectedObjects(runsOfBitmap(bitmapOf(...lines)));

function figures(truth: Objects, found: Objects, leastIoU: number, minPixels = 1) {
  return objectFigures(judgeObjects(matchObjects(truth, found), leastIoU, minPixels));
}

/** Four true squares of 4 × 4, and what was found of them: all, 12 of 16 pixels, one pixel, nothing; and one beside. */
const truth = objectsOf([0, 10, 20, 30].map((column) => rectangleRuns(column, 0, 4, 4)));
const found = objectsOf([
  rectangleRuns(0, 0, 4, 4),
  rectangleRuns(10, 0, 3, 4),
  rectangleRuns(23, 3, 4, 4),
  rectangleRuns(40, 0, 2, 2),
]);

describe('objects of known overlap', () => {
  it('match with the IoU that was planted: 1, 12/16, 1/31', () => {
    const { matches, touching } = matchObjects(truth, found);
    expect(matches).toEqual([
      { truth: 0, found: 0, iou: 1 },
      { truth: 1, found: 1, iou: 12 / 16 },
      { truth: 2, found: 2, iou: 1 / 31 },
    ]);
    expect([...touching]).toEqual([1, 1, 1, 0]);
  });

  it('are right or wrong by the IoU that is asked for', () => {
    expect(figures(truth, found, 0.03)).toMatchObject({ truthMatched: 3, foundMatched: 3, precision: 0.75, f1: 0.75 });
    expect(figures(truth, found, 0.1)).toMatchObject({ truth: 4, found: 4, precision: 0.5, recall: 0.5, f1: 0.5 });
    expect(figures(truth, found, 0.75).truthMatched).toBe(2);
    expect(figures(truth, found, 0.76).truthMatched).toBe(1);
  });

  it('are told apart by what one asks of them', () => {
    const judgement = judgeObjects(matchObjects(truth, found), 0.5, 1);
    const onlySecond = objectFigures(
      judgement,
      (label) => label === 1,
      (label) => label === 3,
    );
    expect(onlySecond).toMatchObject({ truth: 1, recall: 1, found: 1, precision: 0 });
  });
});

describe('matching', () => {
  it('is one to one: a true object in two pieces has one partner, the other piece is wrong', () => {
    const whole = objectsIn('########');
    const pieces = objectsIn('#####.##');
    expect(matchObjects(whole, pieces).matches).toEqual([{ truth: 0, found: 0, iou: 5 / 8 }]);
    expect(figures(whole, pieces, 0.1)).toMatchObject({ truth: 1, found: 2, precision: 0.5, recall: 1, f1: 2 / 3 });
  });

  it('takes the best pair first, even where that leaves another alone', () => {
    const truths = objectsOf([rectangleRuns(0, 0, 4, 1), rectangleRuns(4, 0, 6, 1)]);
    const founds = objectsOf([rectangleRuns(3, 0, 7, 1)]);
    expect(matchObjects(truths, founds).matches).toEqual([{ truth: 1, found: 0, iou: 6 / 7 }]);
  });

  it('of two that fit alike takes the first', () => {
    const founds = objectsOf([rectangleRuns(2, 0, 2, 1), rectangleRuns(0, 0, 2, 1)]);
    expect(matchObjects(objectsIn('####'), founds).matches).toEqual([{ truth: 0, found: 0, iou: 0.5 }]);
  });

  it('knows corners as neighbours, and overlapping polygons as two', () => {
    expect(objectsIn('#.', '.#').count).toBe(1);
    const overlapping = objectsOf([rectangleRuns(0, 0, 6, 2), rectangleRuns(1, 0, 2, 2)]);
    expect(matchObjects(objectsIn('.##', '.##'), overlapping).matches).toEqual([{ truth: 0, found: 1, iou: 1 }]);
  });

  it('is what counting pixels one by one finds, on random pictures', () => {
    const pair = anyBitmap(12).chain((a) => anyBitmap(12).map((b) => ({ a, b })));
    fc.assert(
      fc.property(pair, ({ a, b }) => {
        const [labelsA, labelsB] = [floodFill(a, 8), floodFill(b, 8)];
        const pixels = (labels: Int32Array, label: number) => labels.filter((one) => one === label).length;
        const shared = (i: number, j: number) => {
          let count = 0;
          for (let y = 0; y < Math.min(a.height, b.height); y++)
            for (let x = 0; x < Math.min(a.width, b.width); x++)
              if (labelsA[y * a.width + x] === i && labelsB[y * b.width + x] === j) count++;
          return count;
        };
        const matching = matchObjects(connectedObjects(runsOfBitmap(a)), connectedObjects(runsOfBitmap(b)));
        for (const { truth: i, found: j, iou } of matching.matches) {
          const both = shared(i, j);
          expect(iou).toBe(both / (pixels(labelsA, i) + pixels(labelsB, j) - both));
        }
        // Greedy: no pair left over overlaps, unless one of the two has a partner that fits as well or better.
        for (let i = 0; i < matching.truthPixels.length; i++) {
          for (let j = 0; j < matching.foundPixels.length; j++) {
            const both = shared(i, j);
            const iou = both / (pixels(labelsA, i) + pixels(labelsB, j) - both);
            const rivals = matching.matches.filter((match) => match.truth === i || match.found === j);
            expect(both === 0 || rivals.some((match) => match.iou >= iou)).toBe(true);
          }
        }
      }),
      { seed: 3, numRuns: 150 },
    );
  });
});

describe('objects under the smallest size', () => {
  const large = rectangleRuns(0, 0, 3, 3);
  const small = rectangleRuns(10, 0, 2, 2);

  it('count neither as true nor as found', () => {
    expect(figures(objectsOf([large]), objectsOf([large, small]), 0.5, 9)).toMatchObject({ truth: 1, found: 1 });
    expect(figures(objectsOf([large, small]), objectsOf([large]), 0.5, 9)).toMatchObject({ truth: 1, recall: 1 });
  });

  it('make right what is a little smaller than the true object, and not wrong what is a little larger', () => {
    const nearly = rectangleRuns(0, 0, 3, 2);
    expect(figures(objectsOf([large]), objectsOf([nearly]), 0.5, 9)).toMatchObject({ recall: 1, precision: 1 });
    expect(figures(objectsOf([nearly]), objectsOf([large]), 0.5, 9)).toMatchObject({ truth: 0, found: 0 });
  });
});

describe('objects on part of the ground', () => {
  const ground = objectsIn('##..####', '##..####').runs;

  it('keep their labels, and lose what lies off it', () => {
    const objects = objectsOf([rectangleRuns(0, 0, 8, 2), rectangleRuns(1, 0, 3, 1), rectangleRuns(2, 0, 2, 2)]);
    const cut = cutTo(objects, ground);
    expect(cut.count).toBe(3);
    expect([...pixelsOn(objects, ground)]).toEqual([12, 1, 0]);
    expect([...matchObjects(cut, cut).truthPixels]).toEqual([12, 1, 0]);
    // Sorted still, so that the next step may rely on it.
    expect([...cut.runs.start]).toEqual([0, 1, 4, 0, 4]);
  });

  it('are left out where nothing of them is left', () => {
    const off = cutTo(objectsOf([rectangleRuns(2, 0, 2, 2)]), ground);
    expect(figures(objectsOf([rectangleRuns(0, 0, 2, 2)]), off, 0.1)).toMatchObject({ truth: 1, found: 0, recall: 0 });
  });
});

it('where there is nothing, there are no figures', () => {
  const none = objectsOf([]);
  expect(figures(none, none, 0.1)).toMatchObject({ truth: 0, found: 0, precision: Number.NaN, f1: Number.NaN });
  expect(figures(none, found, 0.1)).toMatchObject({ precision: 0, recall: Number.NaN, f1: 0 });
});
