import { stat } from 'node:fs/promises';
import type { ImageryError } from '../../imagery/error.ts';
import { sceneHash } from '../../imagery/file-hash.ts';
import type { SuppliedMask } from '../../imagery/masks/supplied-mask.ts';
import { isRemotePath } from '../../imagery/remote/location.ts';
import { checkStackParts, isStackPath } from '../../imagery/stack/manifest.ts';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { listScenes, type SceneRow } from '../store/scenes.ts';

/**
 * Makes sure that scenes' files, and the masks that came with them, still hold the bytes they were added with: evidence names them by hash. A file that
 * nobody touched since it was added is not read again.
 * @throws ServiceError scene-invalid naming the file that is missing or was changed
 */
export async function checkSceneFiles(store: Store, sceneIds: ReadonlySet<string>): Promise<void> {
  for (const scene of await listScenes(store.db)) if (sceneIds.has(scene.id)) await checkFile(scene);
}

async function checkFile({ id, path, date, sha256, addedAt, maskJson }: SceneRow): Promise<void> {
  const scene = { id, date, addedAt };
  await checkBytes(path, sha256, scene);
  const mask = maskJson === null ? null : (JSON.parse(maskJson) as SuppliedMask);
  if (mask !== null) await checkBytes(mask.path, mask.sha256, scene);
}

async function checkBytes(
  path: string,
  sha256: string,
  { id, date, addedAt }: Pick<SceneRow, 'id' | 'date' | 'addedAt'>,
): Promise<void> {
  const isRemote = isRemotePath(path);
  const file = isRemote ? null : await stat(path).catch(() => null);
  if (file === null && !isRemote) {
    throw new ServiceError(
      'scene-invalid',
      `${path}: is missing, and scene ${id} of ${date} was added from it; wanted it back, or added again from where it lies now.`,
    );
  }
  if (isStackPath(path)) await checkStackParts(path);
  // Any writing, renaming or copying over it moves the change time on; unlike that of modification, nobody sets it.
  if (file !== null && file.ctimeMs <= Date.parse(addedAt)) return;
  const found = await sceneHash(path).catch(({ code }: ImageryError) => `none (${code})`);
  if (found === sha256) return;
  throw new ServiceError(
    'scene-invalid',
    `${path}: was changed after it was added as scene ${id} of ${date}: wanted bytes with sha256 ${sha256.slice(0, 16)}…, got ${found.slice(0, 16)}…`,
  );
}
