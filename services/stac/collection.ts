import type { SceneRow } from '../store/scenes.ts';
import type { StacLink } from './item.ts';
import { type StacVersion, scenesCollection } from './item-of-scene.ts';
import { utcOf } from './local-time.ts';

/** What a collection needs to know of scenes. */
export type SceneExtent = Pick<SceneRow, 'minLon' | 'minLat' | 'maxLon' | 'maxLat' | 'date'>;

/** The STAC Collection of a workspace's scenes. */
export function collectionOfScenes(scenes: readonly SceneExtent[], version: StacVersion, links: readonly StacLink[]) {
  const dates = scenes.map(({ date }) => date).sort();
  const box = scenes.reduce(
    ([minLon, minLat, maxLon, maxLat], scene) => [
      ...[Math.min(minLon, scene.minLon), Math.min(minLat, scene.minLat)],
      ...[Math.max(maxLon, scene.maxLon), Math.max(maxLat, scene.maxLat)],
    ],
    [Infinity, Infinity, -Infinity, -Infinity],
  );
  const isEmpty = scenes.length === 0;
  return {
    type: 'Collection' as const,
    stac_version: version,
    id: scenesCollection,
    title: 'Scenes (影像)',
    description: 'Images that this workspace compares month by month.',
    // Each item says its own.
    license: version === '1.0.0' ? 'various' : 'other',
    extent: {
      // Without scenes there is no extent to tell, and the specification wants one.
      spatial: { bbox: [isEmpty ? [-180, -90, 180, 90] : box] },
      temporal: {
        interval: [isEmpty ? [null, null] : [utcOf(dates[0], '00:00:00'), utcOf(dates.at(-1)!, '23:59:59')]],
      },
    },
    links: [...links],
  };
}
