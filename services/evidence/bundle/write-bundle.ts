import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImageryError } from '../../../imagery/error.ts';
import { checkPhotos } from '../../field/check-photos.ts';
import { workspaceKey } from '../../field/pack/workspace-key.ts';
import { LIFECYCLE_EDITION } from '../../lifecycle/transitions.ts';
import type { Store } from '../../store/open.ts';
import { PatchChips } from '../chips.ts';
import { BundleWriter } from './bundle-writer.ts';
import { addGeometry, gaussKrugerZone } from './geometry-files.ts';
import type { Manifest, Missing } from './manifest.ts';
import { addOpinions } from './opinion-files.ts';
import { overlapCsv, overlapLines } from './overlap-table.ts';
import { addPapers } from './paper-files.ts';
import { addPhotos } from './photo-files.ts';
import { addPictures, type Pictures } from './picture-files.ts';
import { type PatchRecord, readRecord } from './record.ts';
import { addRecordFiles } from './record-files.ts';
import { printReport } from './report.ts';
import { addClips, type ComparedScene, comparedScenes, wholePairs } from './scene-files.ts';

export interface BundleRequest {
  /** Number or id of the patch. */
  patch: string;
  /** What may be seen: a district code prefix; '' = all. */
  within?: string;
  path: string;
  askedBy: string;
  at: Date;
  /** Pixels a side of its pictures. */
  pictureSide?: number;
  onProgress?: (done: number, total: number) => void;
}

export interface WrittenBundle {
  /** sha256 of the manifest, which lists all else by its hash. */
  id: string;
  number: string;
  signedBy: string;
  files: number;
  missing: Missing[];
}

const STEPS = 7;

/**
 * Writes all that is known of a patch into one signed zip that can be checked with nothing else at hand. What belongs
 * there and is not there is named in it. The same record, `at` and asker give the same bytes.
 * @throws ServiceError not-found, also for what lies outside `within`; bad-input where it cannot be written
 */
export async function writeBundle(store: Store, home: string, request: BundleRequest): Promise<WrittenBundle> {
  const { path, at, onProgress = () => {} } = request;
  const record = await readRecord(store, request.patch, request.within ?? '');
  const key = await workspaceKey(home);
  const bundle = await BundleWriter.create(path);
  const folder = await mkdtemp(join(tmpdir(), 'tuban-evidence-'));
  const chips = new PatchChips(store);
  let done = 0;
  const step = () => onProgress(++done, STEPS);
  try {
    const { patch } = record.detail;
    await addGeometry(bundle, record.detail, folder, at);
    step();
    const images = await addImages(bundle, chips, record, { folder, step, pictureSide: request.pictureSide });
    const overlaps = overlapLines(record);
    await bundle.addJson('overlaps.json', overlaps, { zh: '压占图层面积', en: 'overlaps by layer and zone' });
    await bundle.add('overlaps.csv', overlapCsv(overlaps), { zh: '压占图层面积表', en: 'overlaps as a table' });
    const opinions = await addOpinions(bundle, record);
    const [checked] = await checkPhotos(store, home, patch.id);
    const { photos, missing: noPhotos } = await addPhotos(bundle, store, home, checked);
    await bundle.addJson('photos.json', photos, {
      zh: '照片、检验结果与签名读数',
      en: 'photos, their tests, signed readings',
    });
    step();
    const { papers, missing: noPapers } = await addPapers(bundle, store, home, [
      { subject: 'patch', id: patch.id },
      // What the accused says of a case is said of each patch in it.
      ...record.detail.cases.map(({ id }) => ({ subject: 'case' as const, id })),
    ]);
    await addRecordFiles(bundle, record);
    step();
    const missing = [...images.missing, ...opinions.missing, ...noPhotos, ...noPapers];
    const head = headOf(record, request, missing);
    const report = { record, ...images, overlaps, photos, papers, head, files: bundle.files, signedBy: key.id, at };
    await bundle.add('report.pdf', await printReport(report), { zh: '证据报告（可打印）', en: 'report, for print' });
    step();
    const id = await bundle.seal(head, key);
    step();
    return { id, number: patch.number, signedBy: key.id, files: bundle.files.length, missing };
  } catch (error) {
    await bundle.abandon();
    throw error;
  } finally {
    await chips.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Images {
  scenes: ComparedScene[];
  pictures: Pictures | null;
  missing: Missing[];
}

async function addImages(
  bundle: BundleWriter,
  chips: PatchChips,
  record: PatchRecord,
  { folder, step, pictureSide }: { folder: string; step: () => void; pictureSide: number | undefined },
): Promise<Images> {
  const { evidence, scenes: rows } = record;
  if (evidence === null) {
    const why = { zh: '图斑并非由影像发现，无影像对', en: 'no pair of images found this patch' };
    await bundle.addJson('scenes.json', [], SCENES);
    step();
    step();
    return { scenes: [], pictures: null, missing: [{ what: 'scenes', why }] };
  }
  const { scenes, missing } = await comparedScenes(evidence, rows);
  const whole = wholePairs(evidence, scenes);
  let pictures: Pictures | null = null;
  if (whole === null) missing.push({ what: 'pictures', why: NO_PAIR });
  else
    pictures = await addPictures(bundle, chips, whole, record, pictureSide).catch((error) =>
      tellUnreadable(error, missing),
    );
  step();
  missing.push(...(await addClips(bundle, evidence, scenes, rows, folder)));
  await bundle.addJson('scenes.json', scenes, SCENES);
  step();
  return { scenes, pictures, missing };
}

const SCENES = { zh: '比对的全部影像', en: 'every scene that was compared' };
const NO_PAIR = {
  zh: '没有前后两期均完好的影像，不出影像图',
  en: 'of no pair both images are whole, so there are no pictures',
};

/** Bytes that hash as they did and yet cannot be read: said, like all else that is missing. */
function tellUnreadable(error: unknown, missing: Missing[]): null {
  if (!(error instanceof ImageryError)) throw error;
  missing.push({ what: 'pictures', why: { zh: '影像文件无法读取', en: 'an image file cannot be read' } });
  return null;
}

function headOf(
  { detail, evidence, rules }: PatchRecord,
  { askedBy, at }: BundleRequest,
  missing: Missing[],
): Pick<Manifest, 'kind' | 'subject' | 'at' | 'askedBy' | 'versions' | 'notes' | 'missing'> {
  const { zone, crs } = gaussKrugerZone((detail.patch.minLon + detail.patch.maxLon) / 2);
  return {
    kind: 'patch',
    subject: detail.patch.number,
    at: at.toISOString(),
    askedBy,
    versions: {
      lifecycle: LIFECYCLE_EDITION,
      detector: evidence?.detectorVersion ?? '',
      rules: rules.map(({ name }) => name),
    },
    notes: [
      {
        zh: `坐标：geometry/patch-4490.geojson 为 CGCS2000 经纬度（EPSG:4490）；shapefile 为三度带第 ${zone} 带（${crs}），坐标带带号。GeoJSON 只能是经纬度，故投影坐标用 shapefile。`,
        en: `Coordinates: the GeoJSON is CGCS2000 longitude and latitude (EPSG:4490); the shapefile is the 3-degree zone ${zone} (${crs}), with the zone before the easting, for GeoJSON can hold no projected ones.`,
      },
      {
        zh: '面积：CGCS2000 椭球面积，平方米；1 平方米 = 0.0015 亩。时间：UTC；日期：北京时间。',
        en: 'Areas: on the CGCS2000 ellipsoid, m²; 1 m² = 0.0015 mu. Times: UTC; days: Asia/Shanghai.',
      },
    ],
    missing,
  };
}
