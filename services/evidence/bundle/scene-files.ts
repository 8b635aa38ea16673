import { join } from 'node:path';
import { ImageryError } from '../../../imagery/error.ts';
import { sceneHash } from '../../../imagery/file-hash.ts';
import type { Grid } from '../../../imagery/grid.ts';
import type { SuppliedMask } from '../../../imagery/masks/supplied-mask.ts';
import type { Label } from '../../lifecycle/label.ts';
import type { Evidence, SceneEvidence } from '../../month/evidence.ts';
import type { SceneRow } from '../../store/scenes.ts';
import type { BundleWriter } from './bundle-writer.ts';
import { type Clip, clipScene } from './clip-scene.ts';
import type { Missing } from './manifest.ts';

/** A scene that was compared, and what there is of it. */
export interface ComparedScene {
  id: string;
  sha256: string;
  side: 'before' | 'after';
  date: string;
  time: string | null;
  sensor: string;
  licence: string | null;
  /** As it was added: CRS, pixel size and bands; null where the scene is not known any more. */
  file: {
    bytes: number | null;
    crs: string | null;
    pixelSize: [number, number];
    bands: string[];
    sampleType: string;
  } | null;
  maskSha256: string | null;
  /** whole: its bytes are those that were compared. */
  state: 'whole' | 'missing' | 'changed' | 'unreadable';
  clip: (Omit<Clip, 'grid'> & { name: string; grid: Grid }) | null;
}

/** Every scene that was compared, once each, in the order of the pairs. */
export async function comparedScenes(
  evidence: Evidence,
  rows: ReadonlyMap<string, SceneRow>,
): Promise<{ scenes: ComparedScene[]; missing: Missing[] }> {
  const scenes: ComparedScene[] = [];
  const missing: Missing[] = [];
  for (const pair of evidence.pairs) {
    for (const side of ['before', 'after'] as const) {
      const seen = pair[side];
      if (scenes.some(({ id }) => id === seen.id)) continue;
      const row = rows.get(seen.id);
      const { state, why } = await stateOf(seen, row);
      scenes.push({ ...describe(seen, row), side, state, clip: null });
      if (why !== null) missing.push({ what: `scene ${seen.id}`, why });
    }
  }
  return { scenes, missing };
}

/** What the pictures and clips can be made of: pairs both of whose scenes are whole. */
export function wholePairs(evidence: Evidence, scenes: readonly ComparedScene[]): Evidence | null {
  const whole = new Set(scenes.filter(({ state }) => state === 'whole').map(({ id }) => id));
  const pairs = evidence.pairs.filter(({ before, after }) => whole.has(before.id) && whole.has(after.id));
  return pairs.length === 0 ? null : { ...evidence, pairs };
}

/** Clips of all whole scenes, written into the bundle; one that cannot be read is said to be missing. */
export async function addClips(
  bundle: BundleWriter,
  evidence: Evidence,
  scenes: ComparedScene[],
  rows: ReadonlyMap<string, SceneRow>,
  folder: string,
): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const scene of scenes.filter(({ state }) => state === 'whole')) {
    const name = `scenes/${scene.side}-${scene.date}-${scene.id}.tif`;
    const path = join(folder, `${scene.id}.tif`);
    try {
      const clip = await clipScene(rows.get(scene.id)!, evidence, path);
      if (clip === null) continue;
      const which = scene.side === 'before' ? ['前时相', 'before'] : ['后时相', 'after'];
      await bundle.addFile(name, path, {
        zh: `${which[0]}影像 ${scene.date} 图斑范围原始像元值（全部波段，原坐标系）`,
        en: `${which[1]} image of ${scene.date}, raw samples of all bands in its own CRS`,
      });
      scene.clip = { name, ...clip };
    } catch (error) {
      if (!(error instanceof ImageryError)) throw error;
      scene.state = 'unreadable';
      missing.push({ what: name, why: refused('影像文件无法读取', 'the image cannot be read', scene.id) });
    }
  }
  return missing;
}

function describe(seen: SceneEvidence, row: SceneRow | undefined): Omit<ComparedScene, 'side' | 'state' | 'clip'> {
  const { id, sha256, date, sensor } = seen;
  const grid = row && (JSON.parse(row.gridJson) as Grid);
  return {
    ...{ id, sha256, date, sensor },
    time: row?.time ?? null,
    licence: row?.licence ?? null,
    file: row
      ? {
          bytes: row.bytes === null ? null : Number(row.bytes),
          crs: grid!.crs,
          pixelSize: [grid!.pixelWidth, grid!.pixelHeight],
          bands: JSON.parse(row.bandsJson) as string[],
          sampleType: row.sampleType,
        }
      : null,
    maskSha256: row?.maskJson ? (JSON.parse(row.maskJson) as SuppliedMask).sha256 : null,
  };
}

/** Evidence is what was compared, to the byte: the bytes are hashed anew whatever is remembered of them. */
async function stateOf(
  seen: SceneEvidence,
  row: SceneRow | undefined,
): Promise<{ state: ComparedScene['state']; why: Label | null }> {
  if (row === undefined)
    return { state: 'missing', why: refused('工作区已无此影像', 'the scene is not known any more', seen.id) };
  try {
    const found = await sceneHash(row.path, { anew: true });
    if (found === seen.sha256) return { state: 'whole', why: null };
    const [wanted, got] = [seen.sha256, found].map((hash) => hash.slice(0, 16));
    return {
      state: 'changed',
      why: {
        zh: `影像 ${seen.id} 的文件内容已变（原 sha256 ${wanted}…，现 ${got}…），不作为证据`,
        en: `the file of scene ${seen.id} was changed (sha256 ${wanted}… then, ${got}… now): refused as evidence`,
      },
    };
  } catch (error) {
    if (!(error instanceof ImageryError)) throw error;
    return { state: 'missing', why: refused('影像文件已不在原处', 'its file is no longer there', seen.id) };
  }
}

/** No path of the workspace stands in what is handed out. */
function refused(zh: string, en: string, id: string): Label {
  return { zh: `${zh}：影像 ${id}`, en: `scene ${id}: ${en}` };
}
