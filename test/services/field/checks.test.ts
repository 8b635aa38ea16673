import { describe, expect, it } from 'vitest';
import { type Compared, checkCopy, matchesOf } from '../../../services/field/checks/copy-check.ts';
import { checkAgreement, checkEdited } from '../../../services/field/checks/file-checks.ts';
import {
  checkDirection,
  checkDistance,
  checkShare,
  checkShareTogether,
} from '../../../services/field/checks/place-checks.ts';
import { type Sight, sightOf } from '../../../services/field/checks/sight.ts';
import { checkAfterImage, checkAfterIssue } from '../../../services/field/checks/time-checks.ts';
import { viewCone } from '../../../services/field/checks/view-geometry.ts';
import { NO_FACTS } from '../../../services/field/photo-facts.ts';
import { lookAt } from '../../../services/field/picture.ts';
import type { Reading } from '../../../services/field/reading.ts';
import { prepareShape } from '../../../services/zones/overlay/shape-patch.ts';
import { direct } from '../../support/geodesic.ts';
import { photo } from '../../support/photos.ts';

/** A square of about 100 m, its middle at 114.2°E 27.1°N. */
const middle = { lon: 114.2, lat: 27.1 };
const half = { lon: 50 / 99_160, lat: 50 / 110_790 };
const [w, e] = [middle.lon - half.lon, middle.lon + half.lon];
const [s, n] = [middle.lat - half.lat, middle.lat + half.lat];
const square = prepareShape({ kind: 'polygon', parts: [[Float64Array.of(w, s, e, s, e, n, w, n, w, s)]] });

/** So many metres from the square's middle, in a direction; looking back at it unless said. */
function sight(bearing: number, metres: number, given: Partial<Sight> = {}): Sight {
  const position = direct(middle, bearing, metres);
  const azimuth = { degrees: (bearing + 180) % 360, north: 'true' } as const;
  const known = { accuracyM: 5, azimuth, at: '2024-07-03T02:00:00.000Z', offsetAssumed: false, viewDegrees: 65 };
  return { position, ...known, by: 'file', ...given };
}

describe('the distance to a patch', () => {
  it.each([
    [0, 150, 100],
    [90, 230, 180],
    [45, 200, 200 - Math.hypot(50, 50)],
    [10, 20, 0],
  ])('at %i°, %i m from its middle, is %d m to its outline', (bearing, metres, wanted) => {
    const { outcome, figures } = checkDistance(square, sight(bearing, metres));
    expect(figures['metres']).toBeCloseTo(wanted, 0);
    expect(outcome).toBe('passed');
  });

  it('fails beyond the limit, and cannot be told where the position is too uncertain or missing', () => {
    expect(checkDistance(square, sight(0, 400)).outcome).toBe('failed');
    expect(checkDistance(square, sight(0, 240, { accuracyM: 60 })).outcome).toBe('cannot-be-told');
    expect(checkDistance(square, sight(0, 240, { position: null })).outcome).toBe('cannot-be-told');
    expect(checkDistance(square, sight(0, 900_000)).outcome).toBe('failed');
  });

  it('says in both languages what was measured, and what was assumed', () => {
    const { zh, en } = checkDistance(square, sight(0, 150, { accuracyM: null }));
    expect(zh).toBe('距图斑边界 100 米（定位误差按 20 米计，限 200 米）');
    expect(en).toBe('100 m from the outline (position good to 20 m, assumed; limit 200 m)');
  });
});

describe('the direction of view', () => {
  it.each([
    [0, 'passed'],
    [35, 'passed'],
    [60, 'failed'],
    [180, 'failed'],
  ])('turned %i° off the middle from 150 m: %s', (off, wanted) => {
    // The near side of 100 m, 100 m away, reaches 26.6° to either side.
    for (const bearing of [0, 77, 160, 271]) {
      const degrees = (bearing + 180 + off) % 360;
      const { outcome } = checkDirection(square, sight(bearing, 150, { azimuth: { degrees, north: 'true' } }));
      expect(outcome).toBe(wanted);
    }
  });

  it('off the sector is measured to the corner: 26.6° of 90° from 150 m due south', () => {
    const { figures } = checkDirection(square, sight(180, 150, { azimuth: { degrees: 90, north: 'true' } }));
    expect(figures['offDegrees']).toBeCloseTo(90 - 26.57, 1);
  });

  it('is wider taken where north is magnetic, free inside the patch, and untold without an azimuth', () => {
    const azimuth = { degrees: 180 + 26.6 + 25, north: 'true' as const };
    expect(checkDirection(square, sight(0, 150, { azimuth })).outcome).toBe('failed');
    expect(checkDirection(square, sight(0, 150, { azimuth: { ...azimuth, north: 'magnetic' } })).outcome).toBe(
      'passed',
    );
    expect(checkDirection(square, sight(0, 10, { azimuth: { degrees: 0, north: 'true' } })).outcome).toBe('passed');
    expect(checkDirection(square, sight(0, 150, { azimuth: null })).outcome).toBe('cannot-be-told');
  });
});

describe('the share of a patch in view', () => {
  it('is all of it from afar, half of it along its edge, nothing with the back to it', () => {
    expect(checkShare(square, sight(0, 150, { viewDegrees: 90 })).figures['share']).toBeCloseTo(1, 6);
    const corner = { lon: middle.lon, lat: n + 100 / 110_790 };
    const eastOnly = sight(0, 0, { position: corner, azimuth: { degrees: 180 - 45, north: 'true' }, viewDegrees: 90 });
    expect(checkShare(square, eastOnly).figures['share']).toBeCloseTo(0.5, 2);
    const away = checkShare(square, sight(0, 150, { azimuth: { degrees: 0, north: 'true' } }));
    expect(away).toMatchObject({ outcome: 'failed', figures: { share: 0 } });
  });

  it('adds up over photos without counting ground twice', () => {
    const corner = { lon: middle.lon, lat: n + 100 / 110_790 };
    const look = (degrees: number) =>
      sight(0, 0, { position: corner, azimuth: { degrees, north: 'true' }, viewDegrees: 90 });
    expect(checkShareTogether(square, [look(135), look(135)]).figures['share']).toBeCloseTo(0.5, 2);
    expect(checkShareTogether(square, [look(135), look(225)]).figures['share']).toBeCloseTo(1, 2);
  });

  it('reaches as far as the range: a cone all round is the circle, by area', () => {
    const far = prepareShape(viewCone(middle, 0, 90, 300));
    expect(far.totalM2 / ((Math.PI * 300 ** 2) / 4)).toBeCloseTo(1, 3);
  });

  it('cannot be told without a focal length, and of photos together not failed where one does not tell', () => {
    expect(checkShare(square, sight(0, 150, { viewDegrees: null })).outcome).toBe('cannot-be-told');
    const away = sight(0, 150, { azimuth: { degrees: 0, north: 'true' } });
    expect(checkShareTogether(square, [away]).outcome).toBe('failed');
    expect(checkShareTogether(square, [away, sight(0, 150, { azimuth: null })]).outcome).toBe('cannot-be-told');
  });
});

describe('the time window', () => {
  const came = '2024-07-10T00:00:00.000Z';

  it('opens when the task was issued', () => {
    expect(checkAfterIssue(sight(0, 150), '2024-07-03T01:59:00.000Z', came).outcome).toBe('passed');
    expect(checkAfterIssue(sight(0, 150), '2024-07-03T02:01:00.000Z', came).outcome).toBe('failed');
    expect(checkAfterIssue(sight(0, 150), null, came).outcome).toBe('cannot-be-told');
    expect(checkAfterIssue(sight(0, 150, { at: null }), '2024-07-01T00:00:00.000Z', came).outcome).toBe(
      'cannot-be-told',
    );
  });

  it('counts days of the images in Beijing time: on the very day it cannot be told', () => {
    const late = sight(0, 150, { at: '2024-07-02T16:30:00.000Z' });
    expect(checkAfterImage(late, '2024-07-02', came).outcome).toBe('passed');
    expect(checkAfterImage(late, '2024-07-03', came).outcome).toBe('cannot-be-told');
    expect(checkAfterImage(late, '2024-07-04', came).outcome).toBe('failed');
  });

  it('fails a photo dated after it came in, and says where a time zone was assumed', () => {
    expect(checkAfterImage(sight(0, 150), '2024-06-01', '2024-07-03T01:00:00.000Z').outcome).toBe('failed');
    expect(checkAfterImage(sight(0, 150, { offsetAssumed: true }), '2024-06-01', came).zh).toContain(
      '未注明时区，按北京时间',
    );
  });
});

describe('what the file says of itself', () => {
  it.each(['Adobe Photoshop 25.0', 'Snapseed 2.21', '美图秀秀'])('%s edits pictures', (software) => {
    expect(checkEdited({ ...NO_FACTS, software }).outcome).toBe('failed');
  });

  it('a camera does not, and silence tells nothing', () => {
    expect(checkEdited({ ...NO_FACTS, software: 'ALN-AL00 4.2.0.130' }).outcome).toBe('passed');
    expect(checkEdited(NO_FACTS).outcome).toBe('cannot-be-told');
  });

  const reading = { lon: 114.2, lat: 27.1, accuracyM: 5, azimuth: 90, at: '2024-07-03T10:00:00+08:00' } as Reading;
  const facts = { ...NO_FACTS, position: middle, taken: { at: '2024-07-03T02:01:00.000Z', by: 'offset' as const } };

  it('agrees with the sensors or does not', () => {
    expect(checkAgreement(facts, reading).outcome).toBe('passed');
    expect(checkAgreement({ ...facts, position: direct(middle, 0, 120) }, reading).outcome).toBe('failed');
    expect(checkAgreement({ ...facts, taken: { at: '2024-07-03T02:10:00.000Z', by: 'offset' } }, reading).outcome).toBe(
      'failed',
    );
    expect(checkAgreement(facts, null).outcome).toBe('cannot-be-told');
  });

  it('gives way to what a device signed; only the lens is the file’s', () => {
    const of = { reading, told: null };
    const told = sightOf({ ...facts, position: direct(middle, 0, 120), focal35mm: 26 }, of, {
      width: 3,
      height: 4,
    });
    expect(told).toMatchObject({ by: 'reading', position: middle, azimuth: { degrees: 90, north: 'true' } });
    expect(told.at).toBe('2024-07-03T02:00:00.000Z');
    expect(told.viewDegrees).toBeCloseTo(49.6, 1);
  });
});

describe('a copy', () => {
  const compared = async (seq: number, seed: number, given: Partial<Compared> = {}): Promise<Compared> => {
    const { grey } = await lookAt(await photo(seed), 'photo');
    return { seq, id: `p${seq}`, patchId: 't1', sha256: `s${seq}`, grey, takenAt: null, ...given };
  };

  it('is shown with the photo it is of, which came in first and does not fail for it', async () => {
    const [old, copy] = [await compared(1, 7), await compared(2, 7, { patchId: 't2' })];
    expect(matchesOf(copy, [old, copy])).toMatchObject([{ photoId: 'p1', patchId: 't1', kind: 'alike' }]);
    expect(checkCopy(copy, matchesOf(copy, [old, copy]))).toMatchObject({
      outcome: 'failed',
      figures: { photoId: 'p1' },
    });
    expect(checkCopy(old, matchesOf(old, [old, copy])).outcome).toBe('passed');
  });

  it('is the very file under another patch, even where it cannot be decoded', async () => {
    const old = await compared(1, 7, { grey: null, sha256: 'same' });
    const copy = await compared(2, 8, { grey: null, sha256: 'same', patchId: 't2' });
    expect(checkCopy(copy, matchesOf(copy, [old])).outcome).toBe('failed');
    expect(checkCopy(old, []).outcome).toBe('cannot-be-told');
  });

  it('is not one of a series of the same visit, but is the old photo months later', async () => {
    const old = await compared(1, 7, { takenAt: '2024-07-03T02:00:00Z' });
    const next = await compared(2, 7, { takenAt: '2024-07-03T02:01:00Z' });
    const faked = await compared(3, 7, { takenAt: '2024-09-03T02:01:00Z' });
    expect(checkCopy(next, matchesOf(next, [old])).outcome).toBe('passed');
    expect(checkCopy(faked, matchesOf(faked, [old, next])).outcome).toBe('failed');
  });
});
