import type { Acquisition, Tiling } from './acquisitions.ts';
import type { Point } from './geometry.ts';
import { type Sky, seenThrough } from './sky.ts';

/** Whether changed ground could be seen in a month's images, and how much of it. */
export interface Look {
  look: 'clear' | 'cloud' | 'no-image';
  /** Share of the footprint seen, 0-1. */
  share: number;
}

/** All images and skies, found by month and place. */
export interface ImageCatalogue {
  imageAt(month: string, x: number, y: number): Acquisition | null;
  skyOver(acquisition: Acquisition): Sky | null;
  /** Last day of the images before a month, first day of its own: an onset lies strictly between. */
  between(month: string): { after: string; before: string };
}

export function catalogueImages(
  tiling: Tiling,
  acquisitions: Acquisition[],
  skies: Map<string, Sky | null>,
): ImageCatalogue {
  const byPlace = new Map(acquisitions.map((image) => [`${image.month} ${image.column} ${image.row}`, image]));
  const dates = acquisitions.map(({ month, date }) => ({ month, date }));
  return {
    imageAt: (month, x, y) =>
      byPlace.get(`${month} ${Math.floor(x / tiling.tileSize)} ${Math.floor(y / tiling.tileSize)}`) ?? null,
    skyOver: (image) => skies.get(skyKey(image)) ?? null,
    between: (month) => {
      const earlier = dates.filter((image) => image.month < month).map((image) => image.date);
      const own = dates.filter((image) => image.month === month).map((image) => image.date);
      return { after: earlier.sort().at(-1)!, before: own.sort()[0] };
    },
  };
}

export function skyKey(image: Pick<Acquisition, 'month' | 'strip'>): string {
  return `${image.month} ${image.strip}`;
}

/** How a month's images show points that changed on a day; less than half of them seen is not a look. */
export function lookAt(images: ImageCatalogue, month: string, since: string, points: Point[]): Look {
  let seen = 0;
  let imaged = 0;
  for (const [x, y] of points) {
    const image = images.imageAt(month, x, y);
    if (image === null || image.date < since) continue;
    imaged++;
    if (seenThrough(images.skyOver(image), x, y)) seen++;
  }
  const share = Math.round((seen / points.length) * 1000) / 1000;
  if (imaged < points.length / 2) return { look: 'no-image', share };
  return { look: share >= 0.5 ? 'clear' : 'cloud', share };
}
