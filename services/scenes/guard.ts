import { stat } from 'node:fs/promises';
import { ImageryError } from '../../imagery/error.ts';
import { sceneHash } from '../../imagery/file-hash.ts';
import { isRemotePath, shownAddress } from '../../imagery/remote/location.ts';
import { remoteSettings } from '../../imagery/remote/settings.ts';
import type { Scene } from '../../imagery/scene.ts';
import { nameScene, type SceneDescription, type UnnamedScene } from '../../imagery/scene-file.ts';
import { isStackPath } from '../../imagery/stack/manifest.ts';
import { ServiceError } from '../error.ts';
import { ThreadPool } from '../jobs/threads.ts';
import { type DecodedPart, windowsOfPart } from './decode-part.ts';
import type { GuardedJob, LookInput } from './look-job.ts';

/*
 * Files from outside are first opened and decoded in a thread of their own: one that hangs is stopped, one that wants
 * too much memory ends alone, and what it says is believed only then. How much a file may make the readers allocate
 * outside the thread's heap is bounded by the readers themselves.
 */

/**
 * How long one step (a look, a sample of clouds, 16 windows decoded) may take: so long, and what reading all of the file
 * takes on a slow disk, because strips and pictures are decoded whole for any window.
 */
export const guardLimits = { stepMs: 10_000, bytesPerMs: 20_000, remoteStepMs: 180_000, heapMb: 512 };

let own: ThreadPool | null = null;

/** Started when first needed, and kept: idle threads do not keep the process alive. */
function ownThread(): ThreadPool {
  const entry = new URL('./guard-thread.ts', import.meta.url);
  own ??= new ThreadPool(1, entry, { resourceLimits: { maxOldGenerationSizeMb: guardLimits.heapMb } });
  return own;
}

/**
 * describeScene, guarded.
 * @param threads of who has some that know lookJob
 * @throws ImageryError of the reader; image-damaged when the file hangs or starves it
 */
export async function describeGuarded(
  path: string,
  description: SceneDescription,
  threads: ThreadPool = ownThread(),
): Promise<Scene> {
  const input: LookInput = { path, description };
  const scene = await run<UnnamedScene['scene']>('look', path, input, threads);
  return nameScene(scene, await sceneHash(scene.path));
}

/** cloudShareOf, guarded. */
export async function cloudShareGuarded(scene: Scene): Promise<number | null> {
  return run('cloud-share', scene.path, scene);
}

/**
 * Decodes a sample of a scene's windows, or all of them.
 * @throws ImageryError when the file cannot be opened; image-damaged when it hangs or starves the reader
 */
export async function decodeGuarded(scene: Scene, whole: boolean): Promise<DecodedPart> {
  const all = await run<DecodedPart>('decode', scene.path, { scene, whole, first: 0 });
  const damage = new Set(all.damage);
  for (let first = windowsOfPart; whole && first < all.windows; first += windowsOfPart) {
    const part = await run<DecodedPart>('decode', scene.path, { scene, whole, first });
    for (const line of part.damage) damage.add(line);
    all.decoded += part.decoded;
  }
  return { ...all, damage: [...damage].sort() };
}

async function run<Result>(kind: string, path: string, input: unknown, threads = ownThread()): Promise<Result> {
  const job: GuardedJob<unknown> = { input, settings: remoteSettings() };
  const timeoutMs = await limitOf(path);
  try {
    return (await threads.run(kind, job, { timeoutMs })) as Result;
  } catch (error) {
    throw asImageryError(path, error as Error, timeoutMs);
  }
}

async function limitOf(path: string): Promise<number> {
  if (isRemotePath(path) || isStackPath(path)) return guardLimits.remoteStepMs;
  const bytes = (await stat(path).catch(() => null))?.size ?? 0;
  return guardLimits.stepMs + Math.round(bytes / guardLimits.bytesPerMs);
}

/** Whatever a file does to a reader, who asked is told of the file. */
function asImageryError(path: string, error: Error, timeoutMs: number): Error {
  if (error instanceof ImageryError) return error;
  const isStopped = error instanceof ServiceError && error.code === 'job-failed';
  if (error instanceof ServiceError && !isStopped) return error;
  const said = error.message.replace(/^A job '[\w-]+' /, '').replace(/\s*\n\s*/g, ' ');
  const reason = said.replace(/\.$/, '').replace(`${timeoutMs} ms`, `${timeoutMs / 1000} s`);
  const what = isStopped ? `reading it ${reason}` : `reading it failed: ${reason}`;
  return new ImageryError('image-damaged', `${shownAddress(path)}: cannot be read: ${what}.`, error);
}
