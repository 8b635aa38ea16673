import { readAligned } from '../../../imagery/aligned.ts';
import { CLOUD, findClouds } from '../../../imagery/cloud/find.ts';
import { groundPixelSizeM } from '../../../imagery/ellipsoid.ts';
import { ImageryError } from '../../../imagery/error.ts';
import type { Raster } from '../../../imagery/raster.ts';
import type { BandRole, Scene } from '../../../imagery/scene.ts';
import { cloudsCanBeTold, maskPairClouds } from '../../detection/cloud-mask.ts';
import { bandIndices } from '../../detection/scene-pair.ts';
import type { SourceCache } from '../../detection/source-cache.ts';
import type { Label } from '../../lifecycle/label.ts';
import { sceneOfRow } from '../../scenes/scene-record.ts';
import type { DateGroup } from './dates.ts';
import { type IndexName, type IndexValue, indexRoles, indexValues } from './indices.ts';
import type { StripPlace } from './place.ts';

/** How a place was seen on a day. Only 'observed' may be compared; none of the others says that nothing changed. */
export type Sight = 'observed' | 'partly' | 'cloudy' | 'no-image' | 'unchecked';

export const sightLabels: Readonly<Record<Sight, Label>> = {
  observed: { zh: '已观测', en: 'observed' },
  partly: { zh: '部分观测', en: 'partly observed' },
  cloudy: { zh: '云遮，未观测', en: 'cloudy: not observed' },
  'no-image': { zh: '无影像，未观测', en: 'no image: not observed' },
  unchecked: { zh: '有影像，未判云', en: 'imaged, cloud not told' },
};

/** What to add where a run judged the place on a look that, looked at again by itself, seems hidden. */
export const doubted: Label = { zh: '（复看疑有云，请核对）', en: ' (may be cloud: look again)' };

export interface Look {
  sight: Sight;
  /** Of the patch's pixels, 0–1: covered by the image, and seen clearly. */
  coveredShare: number;
  seenShare: number;
  /** A run judged the place on it; by itself it seems hidden. */
  doubtful: boolean;
  /** Why there is no image though a scene is there: its file cannot be read. */
  unreadable: boolean;
  /** Empty unless the place was seen. */
  indices: Partial<Record<IndexName, IndexValue>>;
}

/** A look that shows less of a patch than this is no clear look, as when closed patches are watched. */
const leastSeen = 0.8;
const cloudRoles: readonly BandRole[] = ['B', 'G', 'R', 'N'];

/** One image of the window: which pixels it covers, which are clear, and what they hold. */
interface Layer {
  covered: Uint8Array;
  seen: Uint8Array;
  bands: Partial<Record<BandRole, Float32Array>>;
  /** False where nothing tells whether cloud hides the ground. */
  checked: boolean;
}

/**
 * How a place was seen on a day, and what its indices were.
 * @param judged a run judged the patch on this day: it saw more around, and what it found clear counts as seen
 * @param reference a clear look at the place on another day, against which cloud is told; null: by the image alone
 * @param shiftOf how far a scene is known to lie off the place's grid, in pixels of the detection's grid
 */
export async function lookAt(
  group: DateGroup,
  place: StripPlace,
  judged: boolean,
  reference: Scene | null,
  shiftOf: (sceneId: string) => { dx: number; dy: number } | undefined,
  sources: SourceCache,
): Promise<Look> {
  const layers: Layer[] = [];
  let unreadable = false;
  for (const row of group.scenes) {
    try {
      const scene = sceneOfRow(row);
      layers.push(await readLayer(scene, place, reference, shiftOf(row.id), sources));
    } catch (error) {
      if (!(error instanceof ImageryError)) throw error;
      unreadable = true;
    }
    if (layers.some(({ seen }) => shareOf(seen, place.place) === 1)) break;
  }
  const own = lookOf(composed(layers, place), place, unreadable);
  const hidden = own.sight === 'cloudy' || own.sight === 'partly';
  if (!judged || !hidden || own.coveredShare < leastSeen) return own;
  const bare = layers.map((layer) => ({ ...layer, seen: layer.covered }));
  return { ...lookOf(composed(bare, place), place, unreadable), doubtful: true };
}

/** The first on top. */
function composed(layers: readonly Layer[], { place }: StripPlace): Layer {
  const [covered, seen] = [new Uint8Array(place.length), new Uint8Array(place.length)];
  const whole: Layer = { covered, seen, bands: {}, checked: true };
  for (const layer of layers) layBehind(whole, layer);
  return whole;
}

function lookOf({ covered, seen, bands, checked }: Layer, { place, around }: StripPlace, unreadable: boolean): Look {
  const [coveredShare, seenShare] = [shareOf(covered, place), shareOf(seen, place)];
  const sight = sightOf(coveredShare, seenShare, checked);
  const isClear = sight === 'observed' || sight === 'unchecked';
  const indices = isClear ? indexValues({ bands, seen }, place, around) : {};
  return { sight, coveredShare, seenShare, doubtful: false, unreadable: unreadable && coveredShare === 0, indices };
}

function sightOf(coveredShare: number, seenShare: number, checked: boolean): Sight {
  if (coveredShare === 0) return 'no-image';
  if (seenShare < 1 - leastSeen) return 'cloudy';
  if (seenShare < leastSeen) return 'partly';
  return checked ? 'observed' : 'unchecked';
}

async function readLayer(
  scene: Scene,
  place: StripPlace,
  reference: Scene | null,
  shift: { dx: number; dy: number } | undefined,
  sources: SourceCache,
): Promise<Layer> {
  const roles = indexRoles.filter((role) => scene.bands.includes(role));
  const radar = roles.some((role) => role.length === 2 && role !== 'S1');
  const told = scene.mask === null && cloudsCanBeTold(scene, roles);
  const grid = told ? place.outer : place.inner;
  const wanted = roles.length > 0 ? bandIndices(scene, roles) : [0];
  // A mask that came with the image says cloud and no data alike: without it one knows what the image covers.
  const bare = scene.mask === null ? scene : { ...scene, id: `${scene.id} bare`, mask: null };
  const raster = await readAligned(await sources.open(bare), grid, wanted, shift);
  const covered = inner(raster.mask, grid.width, place);
  let seen = covered;
  if (scene.mask !== null) seen = (await readAligned(await sources.open(scene), place.inner, [0], shift)).mask;
  else if (told) {
    await hideClouds(raster, roles, scene, reference, sources);
    seen = inner(raster.mask, grid.width, place);
  }
  const bands = Object.fromEntries(
    roles.map((role, k) => [role, inReflectance(inner(raster.bands[k], grid.width, place), scene)]),
  );
  return { covered, seen, bands, checked: radar || told || scene.mask !== null };
}

/** Takes what lies under cloud and shadow out of the mask, told as a run tells it. */
async function hideClouds(
  raster: Raster<Float32Array>,
  roles: readonly BandRole[],
  scene: Scene,
  reference: Scene | null,
  sources: SourceCache,
): Promise<void> {
  const bands = cloudRoles.map((role) => raster.bands[roles.indexOf(role)]);
  const shown = { ...raster, bands };
  if (reference === null || reference.mask !== null || !cloudsCanBeTold(reference, reference.bands)) {
    hideBright(shown, scene);
    return;
  }
  const source = await sources.open(reference);
  const other = await readAligned(source, raster.grid, bandIndices(reference, cloudRoles));
  maskPairClouds(other, shown, { before: reference, after: scene }, cloudRoles);
}

/** Without another day only bright, wide, soft-edged white is cloud. */
function hideBright({ grid, bands, mask }: Raster<Float32Array>, scene: Scene): void {
  const size = groundPixelSizeM(grid);
  if (size === null) return;
  const reflectances = bands.map((band) => inReflectance(band, scene));
  const marks = findClouds({ grid, bands: reflectances, mask }, cloudRoles, Math.sqrt(size.x * size.y));
  for (let i = 0; i < mask.length; i++) if (marks[i] === CLOUD) mask[i] = 0;
}

/** A scene's own numbers as reflectance; as they are where nobody knows how. */
function inReflectance(band: Float32Array, { reflectance }: Scene): Float32Array {
  if (reflectance === null) return band;
  return band.map((value) => value * reflectance.scale + reflectance.offset);
}

/** The part of an outer window's samples that is the inner one; the inner one's own are given back as they are. */
function inner<Samples extends Float32Array | Uint8Array>(samples: Samples, width: number, place: StripPlace): Samples {
  const { width: columns, height: rows } = place.inner;
  if (samples.length === columns * rows && width === columns) return samples.slice() as Samples;
  const cut = samples.slice(0, columns * rows) as Samples;
  for (let row = 0; row < rows; row++) {
    const from = (row + place.margin) * width + place.margin;
    cut.set(samples.subarray(from, from + columns) as Samples & Uint8Array, row * columns);
  }
  return cut;
}

/** Fills what was not seen so far. */
function layBehind(whole: Layer, { covered, seen, bands, checked }: Layer): void {
  if (covered.includes(1)) whole.checked &&= checked;
  const roles = Object.keys(bands) as BandRole[];
  for (const role of roles) whole.bands[role] ??= new Float32Array(seen.length);
  for (let i = 0; i < seen.length; i++) {
    if (covered[i] === 1) whole.covered[i] = 1;
    if (seen[i] === 0 || whole.seen[i] === 1) continue;
    whole.seen[i] = 1;
    for (const role of roles) whole.bands[role]![i] = bands[role]![i];
  }
}

function shareOf(set: Uint8Array, place: Uint8Array): number {
  let [count, all] = [0, 0];
  for (let i = 0; i < place.length; i++) {
    all += place[i];
    count += place[i] & set[i];
  }
  return all === 0 ? 0 : count / all;
}
