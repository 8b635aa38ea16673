import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageryError } from '../../imagery/error.ts';
import { ServiceError } from '../error.ts';
import { clipScene } from '../evidence/bundle/clip-scene.ts';
import { PatchChips } from '../evidence/chips.ts';
import type { Evidence } from '../month/evidence.ts';
import { readMeta } from '../store/meta.ts';
import type { Store } from '../store/open.ts';
import { patchesWithDetections } from '../store/sample-rows.ts';
import { findScene } from '../store/scenes.ts';
import { type Sample, sampleLibrary } from './library.ts';
import { maskPicture } from './mask.ts';
import { SHARES } from './split.ts';

export interface ExportRequest {
  /** Folder to be made; must not be there. */
  to: string;
  /** Side of the chips in pixels. */
  sizePx: number;
  district?: string | undefined;
  labels?: readonly Sample['label'][] | undefined;
  /** Of the split by scene. */
  seed: string;
  at: Date;
  onProgress?: (done: number, total: number) => void;
}

export interface Exported {
  samples: number;
  /** Samples whose pictures could not be had, and why; they are in the tables all the same. */
  missing: { number: string; why: string }[];
  withoutPixels: string[];
}

/**
 * Writes the library as a labelled data set: samples.jsonl, outlines.geojson, dataset.json, and a folder of chips for
 * each sample (before.png, after.png, mask.png on one grid under one stretch; before.tif, after.tif as delivered).
 * @throws ServiceError bad-input where the folder is there, or there is nothing to be exported
 */
export async function exportSamples(store: Store, request: ExportRequest): Promise<Exported> {
  const { to, district, labels, seed } = request;
  if (existsSync(to)) throw new ServiceError('bad-input', `${to}: wanted a folder that is not there yet; it is.`);
  const library = await sampleLibrary(store, { district, seed });
  const samples = library.samples.filter(({ label }) => labels === undefined || labels.includes(label));
  if (samples.length === 0)
    throw new ServiceError('bad-input', 'There is no sample yet: people have concluded on none.');
  const part = `${to}.part`;
  await rm(part, { recursive: true, force: true });
  try {
    await mkdir(join(part, 'chips'), { recursive: true });
    const outlines = await outlinesOf(store, samples);
    const missing = await writeChips(store, part, samples, outlines, request);
    const lines = samples.map((sample) => `${JSON.stringify(sample)}\n`).join('');
    await writeFile(join(part, 'samples.jsonl'), lines);
    await writeFile(join(part, 'outlines.geojson'), outlineText(samples, outlines));
    await writeFile(
      join(part, 'dataset.json'),
      await describe(store, samples, missing, library.withoutPixels, request),
    );
    await rename(part, to);
    return { samples: samples.length, missing, withoutPixels: library.withoutPixels };
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

type Outlines = ReadonlyMap<string, { evidence: Evidence; geometryJson: string }>;

async function outlinesOf({ db }: Store, samples: readonly Sample[]): Promise<Outlines> {
  const wanted = new Set(samples.map(({ id }) => id));
  const rows = (await patchesWithDetections(db, '')).filter(({ id }) => wanted.has(id));
  return new Map(
    rows.map(({ id, evidenceJson, geometryJson }) => [id, { evidence: JSON.parse(evidenceJson), geometryJson }]),
  );
}

async function writeChips(
  store: Store,
  folder: string,
  samples: readonly Sample[],
  outlines: Outlines,
  { sizePx, onProgress }: ExportRequest,
): Promise<Exported['missing']> {
  const chips = new PatchChips(store);
  const missing: Exported['missing'] = [];
  try {
    for (const [done, { id, number }] of samples.entries()) {
      onProgress?.(done, samples.length);
      const place = join(folder, 'chips', number);
      try {
        await mkdir(place);
        await writeChipsOf(store, chips, id, place, outlines.get(id)!.evidence, sizePx);
      } catch (error) {
        if (!(error instanceof ImageryError) && !(error instanceof ServiceError)) throw error;
        missing.push({ number, why: error.message });
        await rm(place, { recursive: true, force: true });
      }
    }
  } finally {
    await chips.close();
  }
  return missing;
}

async function writeChipsOf(
  store: Store,
  chips: PatchChips,
  id: string,
  place: string,
  evidence: Evidence,
  sizePx: number,
): Promise<void> {
  const [main] = evidence.pairs;
  for (const which of ['before', 'after'] as const) {
    await writeFile(join(place, `${which}.png`), await chips.picture(id, which, sizePx));
    const scene = await findScene(store.db, main[which].id);
    if (!scene) throw new ServiceError('not-found', `The scene ${main[which].id} is not in the catalogue any more.`);
    await clipScene(scene, evidence, join(place, `${which}.tif`));
  }
  await writeFile(join(place, 'mask.png'), await maskPicture(evidence, sizePx));
}

function outlineText(samples: readonly Sample[], outlines: Outlines): string {
  const features = samples.map(({ id, number, label, reason, splits }) => ({
    type: 'Feature',
    id: number,
    properties: { number, label, reason, partByScene: splits.scene, partByDate: splits.date },
    geometry: JSON.parse(outlines.get(id)!.geometryJson),
  }));
  return `{"type":"FeatureCollection","features":[\n${features.map((one) => JSON.stringify(one)).join(',\n')}\n]}\n`;
}

async function describe(
  { db }: Store,
  samples: readonly Sample[],
  missing: Exported['missing'],
  withoutPixels: string[],
  { sizePx, seed, at }: ExportRequest,
): Promise<string> {
  const counted = (key: (sample: Sample) => string) =>
    Object.fromEntries([...Map.groupBy(samples, key)].map(([name, of]) => [name, of.length]).sort());
  return `${JSON.stringify(
    {
      edition: 'samples-1',
      madeAt: at.toISOString(),
      simulated: (await readMeta(db, 'simulated')) === '1',
      samples: samples.length,
      labels: counted(({ label }) => label),
      reasons: counted(({ label, reason }) => `${label}/${reason}`),
      months: counted(({ month }) => month),
      detectors: counted(({ detectorVersion }) => detectorVersion),
      chipSizePx: sizePx,
      splits: {
        scene: { rule: 'no scene is in two parts', seed, shares: SHARES, counts: counted((one) => one.splits.scene) },
        date: {
          rule: 'parts in order of the later image; no date is in two parts; earlier images may be shared',
          shares: SHARES,
          counts: counted((one) => one.splits.date),
        },
      },
      missing,
      withoutPixels,
    },
    null,
    2,
  )}\n`;
}
