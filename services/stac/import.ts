import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageryError } from '../../imagery/error.ts';
import { sceneHash } from '../../imagery/file-hash.ts';
import { publicOnly } from '../../imagery/remote/address-policy.ts';
import { checkMayAsk } from '../../imagery/remote/document.ts';
import { isRemotePath, shownAddress } from '../../imagery/remote/location.ts';
import { composeStack, stackText, writeStack } from '../../imagery/stack/manifest.ts';
import { ServiceError } from '../error.ts';
import { addSceneFile } from '../scenes/scene-record.ts';
import type { Store } from '../store/open.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';
import { type Candidate, candidateOf } from './candidate.ts';
import { checkAssetBytes } from './checksum.ts';
import type { AssetWish } from './choose-assets.ts';
import { type ItemFilter, isMeant } from './filter.ts';
import { type FoundItem, stacRefusal } from './item.ts';
import { itemsOf } from './walk.ts';

export interface StacImport {
  source: string;
  filter: ItemFilter;
  wish: AssetWish;
  /** Folder for the stacks of items whose bands lie in several files. */
  stackFolder: string;
  /** True: say what would be added, read no image, write nothing. */
  isDryRun: boolean;
}

/** What became of one item. */
export interface ImportedItem {
  itemId: string;
  date: string | null;
  sensor: string | null;
  /** Where its bands lie, each file once. */
  files: string[];
  outcome: 'added' | 'known' | 'refused' | 'found';
  /** The scene; null where there is none (yet). */
  sceneId: string | null;
  /** Why it was refused, one line. */
  reason: string | null;
}

/**
 * Adds the scenes of a STAC source that the filter means. An item that was added before changes nothing; one that is
 * refused does not keep the others out.
 * @throws ServiceError stac-invalid, ImageryError where the source itself cannot be read
 */
export async function importStac(
  store: Store,
  wanted: StacImport,
  now: Date,
  onItem: (done: number, item: ImportedItem) => void = () => {},
): Promise<ImportedItem[]> {
  const { source, filter, wish, isDryRun } = wanted;
  const items: ImportedItem[] = [];
  for await (const found of itemsOf(source, filter)) {
    if (!isMeant(found.item, filter)) continue;
    const { id } = found.item;
    const nothing = { itemId: id, date: null, sensor: null, files: [], sceneId: null, reason: null };
    let one: ImportedItem;
    try {
      const candidate = candidateOf(found, wish);
      const { date, sensor = null } = candidate.facts;
      one = { ...nothing, date, sensor, files: filesOf(candidate), outcome: 'found' };
      if (!isDryRun) one = { ...one, ...(await add(store, candidate, found, wanted.stackFolder, now)) };
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof ImageryError)) throw error;
      one = { ...nothing, outcome: 'refused', reason: error.message };
    }
    items.push(one);
    onItem(items.length, one);
    if (items.length >= filter.limit) break;
  }
  return items;
}

function filesOf({ path, bands, facts }: Candidate): string[] {
  return [
    ...new Set([...(path === null ? bands.map(({ href }) => href) : [path]), ...(facts.mask ? [facts.mask.path] : [])]),
  ];
}

async function add(
  store: Store,
  candidate: Candidate,
  { item, allow }: FoundItem,
  stackFolder: string,
  now: Date,
): Promise<Pick<ImportedItem, 'outcome' | 'sceneId'>> {
  // A catalogue of somebody else's may not have this program ask machines that only it can reach.
  if (allow === publicOnly)
    for (const file of filesOf(candidate)) if (isRemotePath(file)) await checkMayAsk(file, allow);
  await checkAssetBytes(item, filesOf(candidate));
  const { path, facts } = candidate;
  if (path !== null) return added(store, path, facts, now);
  const stack = await stackOf(store, candidate, stackFolder);
  try {
    return await added(store, stack.path, facts, now);
  } catch (error) {
    if (stack.isNew) await rm(stack.path, { force: true });
    throw error;
  }
}

async function added(store: Store, path: string, facts: Candidate['facts'], now: Date) {
  const before = await sceneAt(store, path);
  if (before !== null && (await sceneHash(path)) !== before.sha256) throw changed(shownAddress(path), before);
  const { scene, isNew } = await addSceneFile(store, path, facts, now);
  return { outcome: isNew ? ('added' as const) : ('known' as const), sceneId: scene.id };
}

/** Writes the stack of an item, or finds it written. The same item has the same place, and the same files the same bytes. */
async function stackOf(store: Store, { itemId, collection, bands }: Candidate, folder: string) {
  const name = itemId.replaceAll(/[^\w.-]+/g, '-').slice(0, 80);
  // Two catalogues may call different items by one name.
  const places = bands.map(({ href, band }) => [shownAddress(href), band]);
  const key = createHash('sha256')
    .update(JSON.stringify([collection, itemId, places]))
    .digest('hex')
    .slice(0, 8);
  const path = join(folder, `${name}-${key}.stack.json`);
  const stack = await composeStack(bands);
  const written = await readFile(path, 'utf8').catch(() => null);
  if (written === stackText(stack)) return { path, isNew: false };
  const scene = written === null ? null : await sceneAt(store, path);
  if (scene !== null) throw changed(`Item ${itemId}`, scene);
  await mkdir(folder, { recursive: true });
  await writeStack(path, stack);
  return { path, isNew: true };
}

/** The scene that was added from a place and not removed, or null. */
async function sceneAt(store: Store, path: string): Promise<SceneRow | null> {
  const scenes = await listScenes(store.db);
  return scenes.find((scene) => shownAddress(scene.path) === shownAddress(path)) ?? null;
}

function changed(name: string, { id }: SceneRow): ServiceError {
  const what = `was changed at its source after it was added as scene ${id}`;
  return stacRefusal(name, `${what}; wanted the same bytes, or that scene removed first (tuban scenes remove ${id})`);
}
