import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isRemotePath, publicAddress } from '../../imagery/remote/location.ts';
import { readMeta } from '../store/meta.ts';
import type { Store } from '../store/open.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';
import { collectionOfScenes } from './collection.ts';
import { filesOfScene, itemOfScene, type StacVersion, scenesCollection, type WrittenItem } from './item-of-scene.ts';

const geoJson = 'application/geo+json';

/**
 * Writes all scenes of the workspace as a static catalogue into a folder: catalog.json, scenes/collection.json and an
 * Item each, links and files told relative to each other. Written again over an older one, its files are replaced,
 * and items of scenes that are gone are removed from the collection (their files stay).
 * Returns how many items were written.
 */
export async function exportCatalogue(
  store: Store,
  folder: string,
  version: StacVersion,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<number> {
  const scenes = await listScenes(store.db);
  const place = join(folder, scenesCollection);
  await mkdir(place, { recursive: true });
  for (const [i, scene] of scenes.entries()) {
    onProgress(i, scenes.length);
    const links = [
      { rel: 'root', type: 'application/json', href: '../catalog.json' },
      { rel: 'parent', type: 'application/json', href: './collection.json' },
      { rel: 'collection', type: 'application/json', href: './collection.json' },
    ];
    const item = await writtenItem(scene, place, version, links);
    await writeJson(join(place, `${scene.id}.json`), item);
  }
  const collection = collectionOfScenes(scenes, version, [
    { rel: 'root', type: 'application/json', href: '../catalog.json' },
    { rel: 'parent', type: 'application/json', href: '../catalog.json' },
    ...scenes.map(({ id }) => ({ rel: 'item', type: geoJson, href: `./${id}.json` })),
  ]);
  await writeJson(join(place, 'collection.json'), collection);
  await writeJson(join(folder, 'catalog.json'), {
    type: 'Catalog',
    stac_version: version,
    id: 'tuban',
    title: (await readMeta(store.db, 'name')) ?? 'Tuban',
    description: 'Scenes of a Tuban workspace.',
    links: [
      { rel: 'root', type: 'application/json', href: './catalog.json' },
      { rel: 'child', type: 'application/json', href: `./${scenesCollection}/collection.json` },
    ],
  });
  return scenes.length;
}

/** Writes all scenes of the workspace as one ItemCollection (GeoJSON). Returns how many. */
export async function exportItemCollection(store: Store, path: string, version: StacVersion): Promise<number> {
  const scenes = await listScenes(store.db);
  const features: WrittenItem[] = [];
  for (const scene of scenes) {
    // GDAL starts from the folder it is called in, so files are told whole. There is no document of the collection that
    // an item could link to, so it names none.
    const { collection: _, ...item } = await writtenItem(scene, null, version, []);
    features.push(item as WrittenItem);
  }
  await writeJson(path, { type: 'FeatureCollection', features });
  return scenes.length;
}

/** @param folder where the item will lie, for files told from there; null: files told whole */
async function writtenItem(scene: SceneRow, folder: string | null, version: StacVersion, links: WrittenItem['links']) {
  const hrefOf = (path: string) => {
    if (isRemotePath(path)) return publicAddress(path);
    if (folder === null) return path;
    const steps = relative(folder, path).split(sep).map(encodeURIComponent);
    return steps[0] === '..' ? steps.join('/') : `./${steps.join('/')}`;
  };
  return itemOfScene(scene, await filesOfScene(scene), { version, links, hrefOf });
}

/** Whole or not at all. */
async function writeJson(path: string, content: unknown): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(temporary, `${JSON.stringify(content, null, 2)}\n`, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
