import { describe, expect, it } from 'vitest';
import { type Acquisition, MONTHS } from '../../../services/simulation/acquisitions.ts';
import { contains, type Ring, ringBox } from '../../../services/simulation/geometry.ts';
import { sampleCoarse } from '../../../services/simulation/noise.ts';
import { planCounty } from '../../../services/simulation/plan.ts';
import { opacityAt, shadowAt } from '../../../services/simulation/sky.ts';
import { makeTextures } from '../../../services/simulation/textures.ts';
import { createTilePainter } from '../../../services/simulation/tile.ts';
import { expose, MARGIN_PX, makeSensorNoise } from '../../../services/simulation/tile-image.ts';
import { skyKey } from '../../../services/simulation/visibility.ts';

const SIZE = 512;
const plan = planCounty(5, { tilesAcross: 2, tilesDown: 2, tileSize: SIZE });
const painter = createTilePainter(plan);
const pictures = new Map<Acquisition, Uint16Array[]>(
  plan.acquisitions.map((image) => [image, painter.paint(image).map((band) => band.slice())]),
);

/** Mean reflectance of what one image shows inside a ring, without a 2 m rim; null where clouds or its edge cut it. */
function meanIn(month: string, ring: Ring): number[] | null {
  const box = ringBox(ring);
  const column = Math.floor(box.minX / SIZE);
  const row = Math.floor(box.minY / SIZE);
  const image = plan.acquisitions.find((one) => one.month === month && one.column === column && one.row === row);
  if (image === undefined || box.maxX >= (column + 1) * SIZE || box.maxY >= (row + 1) * SIZE) return null;
  const sky = plan.skies.get(skyKey(image)) ?? null;
  const sums = [0, 0, 0, 0];
  let count = 0;
  for (let y = Math.ceil(box.minY) + 2; y < box.maxY - 2; y++) {
    for (let x = Math.ceil(box.minX) + 2; x < box.maxX - 2; x++) {
      if (!contains(ring, x + 0.5, y + 0.5)) continue;
      if (sky !== null && Math.max(opacityAt(sky, x, y), shadowAt(sky, x, y)) > 0.01) return null;
      const at = (y - row * SIZE) * SIZE + x - column * SIZE;
      pictures.get(image)!.forEach((band, i) => {
        sums[i] += band[at];
      });
      count++;
    }
  }
  return count < 50 ? null : sums.map((sum) => sum / count / 10000);
}

const ndvi = ([, , red, nir]: number[]) => (nir - red) / (nir + red);
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];

describe('the crop cycle in the pictures', () => {
  const fields = plan.site.parcels.filter(
    (parcel) =>
      plan.crops[parcel.index]?.system === 'double-rice' &&
      !plan.events.some((event) => event.parcelIds.includes(parcel.id)),
  );
  const seen = (month: string) =>
    fields.map((parcel) => meanIn(month, parcel.ring)).filter((mean): mean is number[] => mean !== null);

  it('turns double-rice paddies from closed canopy to stubble, water and canopy again', () => {
    expect(fields.length).toBeGreaterThan(20);
    expect(median(seen('2024-06').map(ndvi))).toBeGreaterThan(0.6);
    expect(median(seen(MONTHS[0]).map(ndvi))).toBeLessThan(0.45);
    expect(median(seen(MONTHS[1]).map(ndvi))).toBeLessThan(0.5);
    expect(median(seen(MONTHS[2]).map(ndvi))).toBeGreaterThan(0.6);
  });

  it('leaves no two paddies quite alike', () => {
    const values = seen(MONTHS[0])
      .map(ndvi)
      .sort((a, b) => a - b);
    expect(values.at(-2)! - values[1]).toBeGreaterThan(0.15);
  });
});

describe('clouds in the pictures', () => {
  for (const month of MONTHS.slice(0, 2)) {
    it(`are bright in every band where the sky of ${month} is thick`, () => {
      let thick = 0;
      let bright = 0;
      for (const image of plan.acquisitions.filter((one) => one.month === month)) {
        const sky = plan.skies.get(skyKey(image))!;
        for (let y = 0; y < SIZE; y += 4) {
          for (let x = 0; x < SIZE; x += 4) {
            if (opacityAt(sky, image.column * SIZE + x, image.row * SIZE + y) < 0.85) continue;
            thick++;
            if (pictures.get(image)!.every((band) => band[y * SIZE + x] > 3500)) bright++;
          }
        }
      }
      expect(thick / ((4 * SIZE * SIZE) / 16)).toBeGreaterThan(0.02);
      expect(bright / thick).toBeGreaterThan(0.95);
    });
  }
});

describe('planted events in the pictures', () => {
  it('change the ground they were planted on, beyond what the season did around them', () => {
    const checked = plan.events
      .filter((event) => event.kind !== 'orchard' && event.kind !== 'road')
      .map((event) => ({
        event,
        before: meanIn('2024-06', event.footprint.outline),
        after: meanIn(MONTHS[2], event.footprint.outline),
      }))
      .filter(({ before, after }) => before !== null && after !== null);
    expect(checked.length).toBeGreaterThan(3);
    for (const { before, after } of checked) {
      // Mid June and mid September are both green seasons: what stands there in September was built or dug.
      expect(ndvi(after!)).toBeLessThan(0.45);
      if (ndvi(before!) < 0.5) continue;
      // Where a crop stood in June, it is gone.
      expect(Math.max(...after!.map((value, band) => Math.abs(value - before![band])))).toBeGreaterThan(0.06);
    }
  });
});

it('every recorded number is an observation: none is the nodata 0', () => {
  for (const bands of pictures.values()) for (const band of bands) expect(band.includes(0)).toBe(false);
});

describe('one exposure', () => {
  const size = 64 + 2 * MARGIN_PX;
  const clean: Acquisition = {
    column: 0,
    row: 0,
    strip: 0,
    month: '2024-06',
    date: '2024-06-15',
    shift: { dx: 0, dy: 0 },
    gains: [1, 1, 1, 1],
    offsets: [0, 0, 0, 0],
    slope: { perKmX: 0, perKmY: 0 },
  };
  const slopes = [0, 1, 2, 3].map(() => Float32Array.from({ length: size * size }, (_, i) => 0.1 + 0.004 * (i % size)));
  const still = {
    noise: new Float32Array(1 << 17),
    relief: sampleCoarse({ widthM: 64, heightM: 64 }, 16, 32, () => 1),
    sky: null,
    tileSize: 64,
    textures: makeTextures(1),
    seed: 1,
  };
  const meanOf = (acquisition: Acquisition, noise = still.noise) => {
    const out = slopes.map(() => new Uint16Array(64 * 64));
    expose(slopes, { ...still, noise, acquisition }, out);
    return out[0].reduce((sum, value) => sum + value, 0) / out[0].length / 10000;
  };

  it('moves the picture right by dx, so that a ramp to the right reads lower by dx steps', () => {
    const moved = meanOf({ ...clean, shift: { dx: 0.4, dy: -0.3 } });
    expect(meanOf(clean) - moved).toBeCloseTo(0.4 * 0.004, 4);
    expect(meanOf(clean) - meanOf({ ...clean, shift: { dx: -1.05, dy: 0 } })).toBeCloseTo(-1.05 * 0.004, 4);
  });

  it('applies gain and offset', () => {
    const gained = meanOf({ ...clean, gains: [1.1, 1, 1, 1], offsets: [0.01, 0, 0, 0] });
    expect(gained).toBeCloseTo(meanOf(clean) * 1.1 + 0.01, 3);
  });

  it('adds noise that is zero on average', () => {
    expect(meanOf(clean, makeSensorNoise(3))).toBeCloseTo(meanOf(clean), 3);
  });
});
