import { SAMPLE_TYPES } from '../../imagery/tiff/samples.ts';
import type { OracleVerdict } from './oracle.ts';
import type { Reading } from './reading.ts';

/** What became of a hostile file. The last four are defects unless they can be accounted for. */
export type Verdict =
  /** One line says why it is not read. */
  | 'refused'
  /** Whatever is called observed is as GDAL has it. */
  | 'equal'
  /** The same, where some chunks were reported as damaged. */
  | 'masked'
  /** Too large to be read whole; windows of it were read. */
  | 'too-large'
  /** Observed pixels that GDAL does not read any more, but did before the file was spoilt, and they are still those. */
  | 'original'
  /** Observed pixels that GDAL does not read, and others than before. */
  | 'lenient'
  /** Observed pixels that GDAL has otherwise. */
  | 'different'
  /** The same pixels in another place. */
  | 'misplaced'
  /** Anything but pixels or one line: hung, crashed, or an error that is no ImageryError. */
  | 'broken';

export interface Judged {
  verdict: Verdict;
  why: string;
}

/** What both sides say of a file, with the samples they read. */
export interface Case {
  reading: Reading | undefined;
  ours: Buffer;
  oracle: OracleVerdict;
  /** What GDAL has of the file that the hostile one was made from. */
  original: OracleVerdict;
  theirs: Buffer;
}

export function judge({ reading, ours, oracle, original, theirs }: Case): Judged {
  if (reading === undefined) return { verdict: 'broken', why: 'the process ended over it' };
  const { error, info, levels = [], damage = [] } = reading;
  if (error !== undefined) {
    const told = `${error.name} ${error.code}: ${error.message}`;
    const isLine = /^[^\n]{10,500}$/.test(error.message) && error.message.startsWith(reading.path);
    return { verdict: error.name === 'ImageryError' && isLine ? 'refused' : 'broken', why: told };
  }
  const found = levels.map((level) => judgeLevel(info!, level, ours, { oracle, original, theirs }));
  const order: Verdict[] = ['different', 'lenient', 'too-large', 'original'];
  const worst = order.map((verdict) => found.find((one) => one.verdict === verdict)).find((one) => one !== undefined);
  if (worst) return worst;
  const displaced = placeDiffers(info!.grid, oracle);
  if (displaced !== null) return { verdict: 'misplaced', why: displaced };
  return damage.length > 0 ? { verdict: 'masked', why: damage[0] } : { verdict: 'equal', why: '' };
}

type Level = NonNullable<Reading['levels']>[number];
type Info = NonNullable<Reading['info']>;

function judgeLevel(
  info: Info,
  level: Level,
  ours: Buffer,
  gdal: Pick<Case, 'oracle' | 'original' | 'theirs'>,
): Judged {
  const { width, height, at, maskAt } = level;
  if (at === null || maskAt === null) return { verdict: 'too-large', why: `${width} x ${height}` };
  if (!ours.subarray(maskAt, maskAt + width * height).includes(1)) return { verdict: 'equal', why: '' };
  const { oracle, original, theirs } = gdal;
  const told = oracle.complaints[0] ?? 'no word';
  if (oracle.outcome !== 'opened') {
    const counts = compare(info, level, ours, original, theirs);
    const isOriginal = counts !== null && counts.differ + counts.unread === 0;
    return { verdict: isOriginal ? 'original' : 'lenient', why: `GDAL ${oracle.outcome}: ${told}` };
  }
  const counts = compare(info, level, ours, oracle, theirs);
  if (counts === null) {
    const before = compare(info, level, ours, original, theirs);
    if (before !== null && before.differ + before.unread === 0) return { verdict: 'original', why: told };
    const sizes = oracle.levels.map((one) => `${one.width} x ${one.height}`).join(', ');
    const why = `${width} x ${height} x ${info.bandCount} ${info.sampleType}, GDAL ${sizes} x ${oracle.bands} ${oracle.type}; ${told}`;
    return { verdict: 'different', why };
  }
  // GDAL's overviews keep a nodata value of their own where the image's was changed; ours have the image's.
  const isOverview = width !== info.grid.width;
  if (isOverview && String(info.nodata) !== String(original.nodata[0] ?? null)) counts.unseen = 0;
  const why = `${JSON.stringify(counts)} of ${width * height}; GDAL: ${told}`;
  if (counts.differ + counts.unseen > 0) return { verdict: 'different', why };
  if (counts.unread === 0) return { verdict: 'equal', why: '' };
  return { verdict: compare(info, level, ours, original, theirs)?.differ === 0 ? 'original' : 'lenient', why };
}

interface Counts {
  /** Of our observed pixels: those that GDAL reads wrongly, could not read, has masked, or has otherwise. */
  untold: number;
  unread: number;
  unseen: number;
  differ: number;
  first: string;
}

/** Our observed pixels of a level against GDAL's; null where GDAL has no such level, bands or type. */
function compare(info: Info, level: Level, ours: Buffer, oracle: OracleVerdict, theirs: Buffer): Counts | null {
  const { width, height } = level;
  const { sampleType, bandCount } = info;
  const same = oracle.levels.find((one) => one.width === width && one.height === height);
  const bands = Array.from({ length: oracle.bands }, (_, b) => b).filter((b) => b !== oracle.alpha);
  if (same === undefined || same.at === null || same.maskAt === null) return null;
  if (oracle.type !== sampleType || bands.length !== bandCount) return null;
  const pixels = width * height;
  const size = SAMPLE_TYPES[sampleType].bits / 8;
  // Four samples of JPEG are decoded by geotiff.js, whose cosine transform rounds otherwise than libjpeg's.
  const isRounded = info.compression === 'jpeg' && oracle.bands > 3;
  const counts: Counts = { untold: 0, unread: 0, unseen: 0, differ: 0, first: '' };
  for (let i = 0; i < pixels; i++) {
    if (!ours[level.maskAt! + i]) continue;
    const isRead = theirs[same.maskAt + i];
    if (isRead === 2) counts.untold++;
    else if (!isRead) counts.unread++;
    else if (!theirs[same.maskAt + pixels + i]) counts.unseen += isRounded ? 0 : 1;
    else {
      for (let b = 0; b < bandCount; b++) {
        const mine = level.at! + (b * pixels + i) * size;
        const its = same.at + (bands[b] * pixels + i) * size;
        if (ours.compare(theirs, its, its + size, mine, mine + size) === 0) continue;
        if (isRounded && Math.abs(ours[mine] - theirs[its]) === 1) continue;
        counts.differ++;
        const hex = (bytes: Buffer, from: number) => bytes.toString('hex', from, from + size);
        counts.first ||= `pixel ${i}, band ${b}: ${hex(ours, mine)}, GDAL ${hex(theirs, its)}`;
        break;
      }
    }
  }
  return counts;
}

/** Null where the grid lies as GDAL has it, or GDAL says nothing of it. */
function placeDiffers(grid: Info['grid'], { transform, epsg, outcome }: OracleVerdict): string | null {
  if (outcome !== 'opened') return null;
  const own = [grid.originX, grid.pixelWidth, 0, grid.originY, 0, grid.pixelHeight];
  const plain = [0, 1, 0, 0, 0, 1];
  const its = (transform ?? plain).map(Number);
  const near = its.every((value, i) => Math.abs(value - own[i]) <= 1e-9 * Math.max(1, Math.abs(value)));
  if (!near) return `at ${own}, GDAL at ${transform}`;
  if (grid.crs !== null && epsg !== null && grid.crs.startsWith('EPSG:') && grid.crs !== `EPSG:${epsg}`)
    return `in ${grid.crs}, GDAL in EPSG:${epsg}`;
  return null;
}
