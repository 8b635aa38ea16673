import type { Geometry } from 'geojson';
import type { LonLatBox } from '../../imagery/grid.ts';
import { isRemotePath, publicAddress } from '../../imagery/remote/location.ts';
import { ServiceError } from '../error.ts';
import type { Condition } from '../features/cql2/tree.ts';
import { describeRow } from '../scenes/scene-description.ts';
import type { Store } from '../store/open.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';
import { intersects } from './intersects.ts';
import type { StacLink } from './item.ts';
import { bandsOf, filesOfScene, itemOfScene, scenesCollection, type WrittenItem } from './item-of-scene.ts';
import { isScene } from './scene-filter.ts';

/** Which scenes of the workspace are asked for, as the STAC API has it. */
export interface SceneSearch {
  bbox?: LonLatBox | undefined;
  intersects?: Geometry | undefined;
  /** Local days, inclusive; null: open. */
  days?: { from: string | null; to: string | null } | undefined;
  /** Over SCENE_QUERYABLES. */
  condition?: Condition | undefined;
  ids?: readonly string[] | undefined;
  collections?: readonly string[] | undefined;
  /** Code or first digits of the district that the asker may see; '' = all. Scenes of no district are seen by all. */
  within: string;
}

export interface ScenePage {
  scenes: SceneRow[];
  /** Hand it in as `cursor` for the page that follows; null: this is the last. */
  next: string | null;
  /** On all pages. */
  total: number;
}

/** One page of scenes, the latest first, then by id. Throws bad-input on a cursor that is none. */
export async function searchScenes(
  store: Store,
  search: SceneSearch,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<ScenePage> {
  const { days } = search;
  const dates = { ...(days?.from && { from: days.from }), ...(days?.to && { to: days.to }) };
  const found = (await listScenes(store.db, dates)).filter((scene) => isAskedFor(scene, search)).toSorted(latestFirst);
  const after = cursor === undefined ? null : readCursor(cursor);
  const rest = after === null ? found : found.filter((scene) => latestFirst(after, scene) < 0);
  const scenes = rest.slice(0, limit);
  return { scenes, next: rest.length > limit ? writeCursor(scenes[limit - 1]) : null, total: found.length };
}

/** The scene of an id, as far as the asker may see it. @throws ServiceError not-found */
export async function sceneById(store: Store, id: string, within: string): Promise<SceneRow> {
  const { scenes } = await searchScenes(store, { ids: [id], within }, { limit: 1 });
  if (scenes.length === 0) throw new ServiceError('not-found', `There is no scene ${id}.`);
  return scenes[0];
}

/**
 * A scene as an Item for people elsewhere: files on this machine are not told, remote ones without the signature that
 * opens them.
 */
export async function servedItem(scene: SceneRow, links: StacLink[]): Promise<WrittenItem> {
  const hrefOf = (path: string) => (isRemotePath(path) ? publicAddress(path) : null);
  const item = itemOfScene(scene, await filesOfScene(scene), { version: '1.0.0', links, hrefOf });
  if (Object.keys(item.assets).length > 0) return item;
  // With no asset to stand at, the bands stand with the properties.
  const detail = describeRow(scene);
  const { 'eo:bands': bands } = bandsOf(detail, detail, '1.0.0');
  return { ...item, properties: { ...item.properties, 'eo:bands': bands } };
}

function isAskedFor(
  scene: SceneRow,
  { bbox, intersects: shape, condition, ids, collections, within }: SceneSearch,
): boolean {
  if (scene.district !== null && !scene.district.startsWith(within)) return false;
  if (ids !== undefined && !ids.includes(scene.id)) return false;
  if (collections !== undefined && !collections.includes(scenesCollection)) return false;
  if (bbox !== undefined) {
    const inLon = scene.minLon <= bbox.maxLon && scene.maxLon >= bbox.minLon;
    if (!inLon || scene.minLat > bbox.maxLat || scene.maxLat < bbox.minLat) return false;
  }
  if (shape !== undefined && !intersects(shape, describeRow(scene).footprint)) return false;
  return condition === undefined || isScene(condition, scene);
}

type Place = Pick<SceneRow, 'date' | 'id'>;

function latestFirst(a: Place, b: Place): number {
  if (a.date !== b.date) return a.date > b.date ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function writeCursor({ date, id }: Place): string {
  return Buffer.from(JSON.stringify([date, id])).toString('base64url');
}

function readCursor(cursor: string): Place {
  try {
    const [date, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (typeof date === 'string' && typeof id === 'string') return { date, id };
  } catch {
    // Whatever it is, it is no cursor: said below.
  }
  throw new ServiceError('bad-input', `A cursor is the 'next' of an earlier page; got '${cursor}'.`);
}
