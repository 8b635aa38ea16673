/**
 * Has ground that was built on, dug up or planted become a field again? Each pixel of the place is held against three
 * looks: what it was before the change, what it was changed into, and what became of ground around it that looked as
 * the place did before. The last tells what a field looks like this month, green, ripe, harvested or ploughed, so that
 * a season is not taken for a building, nor a building for a season.
 */
const restorationParameters = {
  /** √ mean over bands of (ln ratio)² within which two looks are the same; fields of one crop differ by a tenth or two. */
  near: 0.16,
  /** The same for a built surface on another day, under another sun. */
  sameSurface: 0.2,
  /** Two looks of the place that differ by less say nothing of the change. */
  leastChange: 0.22,
  /** Where a pixel fits field and changed look, it is what it fits so many times better. */
  clearly: 1.6,
  /** Green again: this NDVI, and so much more than the changed look had. */
  green: { ndvi: 0.4, more: 0.2 },
  /** A state is usual when this share of the surrounding fields are in it, and at least so many pixels. */
  usual: { share: 0.05, pixels: 4 },
  /** Fewer surrounding pixels that looked as the place did do not say what fields look like. */
  leastFields: 40,
  /** Pixels looked at, of the place and of the fields around it: every n-th where there are more. */
  most: { place: 4000, fields: 400 },
  /** Pixels nearer to the place than this are neither place nor surroundings. */
  guardPx: 2,
};

/** Looks at a window, row-major, bands in one order and one radiometry whose zero is no light. */
export interface PlaceLooks {
  width: number;
  height: number;
  before: readonly Float32Array[];
  after: readonly Float32Array[];
  now: readonly Float32Array[];
  /** 1 where the look shows the ground. */
  seen: { before: Uint8Array; after: Uint8Array; now: Uint8Array };
  /** 1 in the place that changed. */
  place: Uint8Array;
  /** Indices of bands; null where the images lack one. */
  red: number | null;
  nearInfrared: number | null;
}

export interface Restoration {
  /** Share of the place's pixels that is seen now, 0–1. */
  observed: number;
  /** Shares of what was judged; they add up to 1, or are all 0. */
  restored: number;
  built: number;
  /** The changed surface is gone, and what lies there is no field. */
  cleared: number;
  unclear: number;
  /** Surrounding pixels that tell what a field looks like now. */
  fields: number;
  /** How many times `near` the changed look lies from what fields look like now (median); null: nothing to tell by. */
  contrast: number | null;
}

/** What a look says of the place, pixel by pixel and in shares. Edges are left out where enough remains inside. */
export function restorationOf(looks: PlaceLooks): Restoration {
  const { place, seen } = looks;
  const all = indicesWhere(place);
  const seenNow = all.filter((i) => seen.now[i] === 1);
  const observed = all.length === 0 ? 0 : seenNow.length / all.length;
  const logs = { before: logsOf(looks.before), after: logsOf(looks.after), now: logsOf(looks.now) };
  const inside = insideOf(looks);
  const judged = thinned(
    seenNow.filter((i) => inside[i] === 1 && seen.after[i] === 1),
    restorationParameters.most.place,
  );
  const fields = fieldsNow(looks, logs);
  const counts = { restored: 0, built: 0, cleared: 0, unclear: 0 };
  const contrasts: number[] = [];
  for (const i of judged) {
    counts[stateOf(i, looks, logs, fields)]++;
    if (fields !== null) contrasts.push(fields.distance(logs.after, i) / restorationParameters.near);
  }
  const share = (count: number) => (judged.length === 0 ? 0 : count / judged.length);
  return {
    observed,
    restored: share(counts.restored),
    built: share(counts.built),
    cleared: share(counts.cleared),
    unclear: share(counts.unclear),
    fields: fields?.count ?? 0,
    contrast: contrasts.length === 0 ? null : contrasts.sort((a, b) => a - b)[Math.floor(contrasts.length / 2)],
  };
}

type Logs = readonly Float64Array[];
type State = 'restored' | 'built' | 'cleared' | 'unclear';

function stateOf(
  i: number,
  looks: PlaceLooks,
  { before, after, now }: { before: Logs; after: Logs; now: Logs },
  fields: Fields | null,
): State {
  const { near, sameSurface, leastChange, clearly, green } = restorationParameters;
  const [ndviNow, ndviAfter] = [ndviAt(looks, looks.now, i), ndviAt(looks, looks.after, i)];
  if (ndviNow >= green.ndvi && ndviNow - ndviAfter >= green.more) return 'restored';
  const changed = looks.seen.before[i] === 1 && distance(before, i, after, i) > leastChange;
  const asBefore = changed ? nearestAround(i, looks, looks.seen.before, before, now) : Infinity;
  const field = Math.min(asBefore, fields?.distance(now, i) ?? Infinity) / near;
  const built = nearestAround(i, looks, looks.seen.after, after, now) / sameSurface;
  if (field > 1 && built > 1) return 'cleared';
  if (built * clearly < field) return 'built';
  return field * clearly < built ? 'restored' : 'unclear';
}

/** The least distance to the other look in the 3 × 3 pixels of the place round it: images never lie quite alike. */
function nearestAround(i: number, { width, height, place }: PlaceLooks, seen: Uint8Array, other: Logs, now: Logs) {
  const [x, y] = [i % width, Math.floor(i / width)];
  let least = Infinity;
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
      const j = v * width + u;
      if (place[j] === 1 && seen[j] === 1) least = Math.min(least, distance(now, i, other, j));
    }
  }
  return least;
}

/** NDVI of a pixel; NaN, which is no green, where the images cannot tell. */
function ndviAt({ red, nearInfrared }: PlaceLooks, bands: readonly Float32Array[], i: number): number {
  if (red === null || nearInfrared === null) return Number.NaN;
  const [r, n] = [Math.max(0, bands[red][i]), Math.max(0, bands[nearInfrared][i])];
  return (n - r) / Math.max(1e-9, n + r);
}

/** What ground is like now that looked as the place did before the change and was not changed as it was. */
class Fields {
  readonly count: number;
  readonly #now: Logs;
  readonly #sample: readonly number[];
  readonly #wanted: number;

  constructor(now: Logs, indices: readonly number[]) {
    const { usual, most } = restorationParameters;
    this.count = indices.length;
    this.#now = now;
    this.#sample = thinned(indices, most.fields);
    this.#wanted = Math.max(usual.pixels, Math.round(usual.share * this.#sample.length));
  }

  /** Distance within which a usual number of fields are. */
  distance(look: Logs, i: number): number {
    const distances = Float64Array.from(this.#sample, (j) => distance(look, i, this.#now, j));
    return distances.sort()[this.#wanted - 1];
  }
}

function fieldsNow(looks: PlaceLooks, logs: { before: Logs; after: Logs; now: Logs }): Fields | null {
  const { leastChange, sameSurface, leastFields, guardPx } = restorationParameters;
  const { seen, place, width, height } = looks;
  const own = thinned(
    indicesWhere(place).filter((i) => seen.before[i] === 1 && seen.after[i] === 1),
    48,
  );
  const guarded = grown(place, width, height, guardPx);
  const around: number[] = [];
  for (let i = 0; i < place.length; i++) {
    if (guarded[i] || !seen.before[i] || !seen.after[i] || !seen.now[i]) continue;
    const wasAlike = own.some((j) => distance(logs.before, i, logs.before, j) < leastChange);
    // What became alike at the same time was most likely changed in the same way.
    if (wasAlike && !own.some((j) => distance(logs.after, i, logs.after, j) < sameSurface)) around.push(i);
  }
  return around.length < leastFields ? null : new Fields(logs.now, around);
}

function distance(a: Logs, i: number, b: Logs, j: number): number {
  let squares = 0;
  for (let band = 0; band < a.length; band++) squares += (a[band][i] - b[band][j]) ** 2;
  return Math.sqrt(squares / a.length);
}

function logsOf(bands: readonly Float32Array[]): Float64Array[] {
  return bands.map((band) => Float64Array.from(band, (value) => Math.log(Math.max(1e-4, value))));
}

/** The place without its edge pixels, which are part field; all of it where too little would remain. */
function insideOf({ place, width, height }: PlaceLooks): Uint8Array {
  const outside = place.map((inside) => 1 - inside);
  const edges = grown(outside, width, height, 1);
  const inside = place.map((value, i) => (value && !edges[i] ? 1 : 0));
  const [kept, all] = [indicesWhere(inside).length, indicesWhere(place).length];
  return kept >= 12 || kept >= all / 3 ? inside : place;
}

/** 1 within `by` pixels, counted along both sides, of where it was. */
function grown(mask: Uint8Array, width: number, height: number, by: number): Uint8Array {
  const wide = new Uint8Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let v = Math.max(0, y - by); v <= Math.min(height - 1, y + by); v++) {
      wide.fill(1, v * width + Math.max(0, x - by), v * width + Math.min(width - 1, x + by) + 1);
    }
  }
  return wide;
}

function indicesWhere(mask: Uint8Array): number[] {
  const found: number[] = [];
  for (let i = 0; i < mask.length; i++) if (mask[i]) found.push(i);
  return found;
}

/** At most so many of them, spread evenly. */
function thinned(indices: readonly number[], most: number): number[] {
  const step = Math.max(1, indices.length / most);
  return Array.from({ length: Math.min(most, indices.length) }, (_, k) => indices[Math.floor(k * step)]);
}
