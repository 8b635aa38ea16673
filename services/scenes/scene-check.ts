import { stat } from 'node:fs/promises';
import { ImageryError } from '../../imagery/error.ts';
import { sceneHash } from '../../imagery/file-hash.ts';
import { type Grid, sameGrid } from '../../imagery/grid.ts';
import { readProductName } from '../../imagery/product-name.ts';
import { isRemotePath } from '../../imagery/remote/location.ts';
import { checkStackParts, isStackPath } from '../../imagery/stack/manifest.ts';
import { localDay } from '../local-time.ts';
import type { SceneRow } from '../store/scenes.ts';
import { decodeGuarded } from './guard.ts';
import { sceneOfRow } from './scene-record.ts';

/** What is wrong with a scene, in the order it is looked for. Nothing after 'missing' is looked for. */
export type SceneFault = 'missing' | 'changed' | 'unreadable' | 'elsewhere' | 'damaged' | 'mask';

export interface CheckedScene {
  id: string;
  path: string;
  date: string;
  faults: { fault: SceneFault; message: string }[];
  /** What is unlikely, and may be right all the same. */
  doubts: string[];
  /** Windows decoded, of how many the image has. */
  decoded: number;
  windows: number;
}

export interface CheckOptions {
  /** True: every pixel is decoded; otherwise a sample spread over the image. */
  all: boolean;
  now: Date;
  onProgress?: (done: number, total: number) => void;
}

/** Before this day no satellite took pictures of land. */
const firstDay = '1972-07-23';

/** Holds scenes to what was known of them when they were added, and to each other. Nothing is changed. */
export async function checkScenes(
  scenes: readonly SceneRow[],
  all: readonly SceneRow[],
  { all: whole, now, onProgress = () => {} }: CheckOptions,
): Promise<CheckedScene[]> {
  const checked: CheckedScene[] = [];
  for (const [i, scene] of scenes.entries()) {
    onProgress(i, scenes.length);
    const found = await checkFile(scene, whole);
    checked.push({ id: scene.id, path: scene.path, date: scene.date, ...found, doubts: doubtsOf(scene, all, now) });
  }
  return checked;
}

type FileFindings = Pick<CheckedScene, 'faults' | 'decoded' | 'windows'>;

async function checkFile(row: SceneRow, whole: boolean): Promise<FileFindings> {
  const found: FileFindings = { faults: [], decoded: 0, windows: 0 };
  const say = (fault: SceneFault, message: string) => found.faults.push({ fault, message });
  const { path } = row;
  const size = isRemotePath(path) ? row.bytes : ((await stat(path).catch(() => null))?.size ?? null);
  if (size === null && !isRemotePath(path)) {
    say('missing', `${path}: is missing: moved or deleted; add it again from where it lies now.`);
    return found;
  }
  if (row.bytes !== null && size !== row.bytes) {
    say('changed', `${path}: was changed: wanted ${row.bytes} bytes, got ${size}.`);
  } else {
    // Asked of the bytes themselves: a disk that forgets them does not touch the file's times.
    const sha256 = await sceneHash(path, { anew: true }).catch((error: Error) => error);
    if (sha256 instanceof Error) say('unreadable', oneLine(sha256));
    else if (sha256 !== row.sha256) say('changed', `${path}: was changed: ${hashes(row.sha256, sha256)}.`);
    else if (isStackPath(path)) await checkStackParts(path).catch((error: Error) => say('changed', oneLine(error)));
  }
  await checkPixels(row, whole, found, say);
  await checkMask(row, say);
  return found;
}

async function checkPixels(
  row: SceneRow,
  whole: boolean,
  found: FileFindings,
  say: (fault: SceneFault, message: string) => void,
): Promise<void> {
  const wanted = JSON.parse(row.gridJson) as Grid;
  // Its mask is held to its own bytes, below.
  const decoded = await decodeGuarded({ ...sceneOfRow(row), mask: null }, whole).catch((error: Error) => {
    if (!(error instanceof ImageryError)) throw error;
    say('unreadable', oneLine(error));
    return null;
  });
  if (decoded === null) return;
  found.windows = decoded.windows;
  found.decoded = decoded.decoded;
  if (!sameGrid(decoded.grid, wanted)) {
    say('elsewhere', `${row.path}: lies elsewhere: wanted ${gridText(wanted)}, got ${gridText(decoded.grid)}.`);
  }
  const [first, ...more] = decoded.damage;
  if (first === undefined) return;
  say('damaged', more.length === 0 ? first : `${first.replace(/\.$/, '')}, and ${more.length} more places.`);
}

async function checkMask(row: SceneRow, say: (fault: SceneFault, message: string) => void): Promise<void> {
  const { mask } = sceneOfRow(row);
  if (mask === null) return;
  const sha256 = await sceneHash(mask.path, { anew: true }).catch((error: Error) => error);
  if (sha256 instanceof Error) say('mask', oneLine(sha256));
  else if (sha256 !== mask.sha256) say('mask', `${mask.path}: was changed: ${hashes(mask.sha256, sha256)}.`);
}

/** Dates and places that can hardly be. */
function doubtsOf(scene: SceneRow, all: readonly SceneRow[], now: Date): string[] {
  const doubts: string[] = [];
  const today = localDay(now);
  if (scene.date > today) doubts.push(`its day ${scene.date} is still to come`);
  if (scene.date < firstDay) doubts.push(`its day ${scene.date} is before any satellite`);
  const named = readProductName(scene.path)?.date;
  if (named !== undefined && named !== scene.date) doubts.push(`its day is ${scene.date}, but its name says ${named}`);
  const others = all.filter(({ id, date }) => id !== scene.id && date !== scene.date);
  const overlaps = (other: SceneRow) =>
    other.minLon < scene.maxLon &&
    other.maxLon > scene.minLon &&
    other.minLat < scene.maxLat &&
    other.maxLat > scene.minLat;
  if (others.length > 0 && !others.some(overlaps)) doubts.push('no scene of another day shows any of its ground');
  return doubts;
}

function gridText({ width, height, crs, originX, originY }: Grid): string {
  return `${width} x ${height} pixels from ${originX}, ${originY} in ${crs ?? 'no CRS'}`;
}

function hashes(wanted: string, got: string): string {
  return `wanted bytes with sha256 ${wanted.slice(0, 16)}…, got ${got.slice(0, 16)}…`;
}

function oneLine(error: Error): string {
  return error.message.replace(/\s*\n\s*/g, ' ');
}
