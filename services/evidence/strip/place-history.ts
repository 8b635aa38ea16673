import { ImageryError } from '../../../imagery/error.ts';
import type { Scene } from '../../../imagery/scene.ts';
import { SourceCache } from '../../detection/source-cache.ts';
import { ServiceError } from '../../error.ts';
import { contentId, type Evidence } from '../../month/evidence.ts';
import { latestLooks } from '../../month/latest-looks.ts';
import { sceneOfRow } from '../../scenes/scene-record.ts';
import { type DetectionRow, findDetection } from '../../store/detections.ts';
import type { Store } from '../../store/open.ts';
import type { PatchRow } from '../../store/patches.ts';
import { imagedMonths, scenesOver } from '../../store/place-scenes.ts';
import { verdictsOfPatch } from '../../store/watch.ts';
import type { WatchEvidence } from '../../watch/evidence.ts';
import { type PlaceFrame, placeFrame } from '../chip-frame.ts';
import { DatePictures } from './date-pictures.ts';
import { type DateGroup, groupByDate, pageOf, unseenMonths } from './dates.ts';
import { type KnownPlace, shiftOn } from './known-place.ts';
import { type Look, lookAt } from './look.ts';
import { type Bands, canShow } from './picture.ts';
import { type StripPlace, stripPlace } from './place.ts';

/** What a date is to a patch: the look last seen unchanged, that first seen changed, or one after it was closed. */
export type DateRole = 'before' | 'after' | 'watch';

export interface StripDate extends Look {
  group: DateGroup;
  roles: DateRole[];
}

export interface Strip {
  /** Last clear look unchanged, first clear look changed. */
  onset: { lastUnchanged: string; firstChanged: string };
  dates: StripDate[];
  /** Months in which no image of the place was taken. */
  unseenMonths: string[];
  frame: PlaceFrame;
  bands: Bands[];
  total: number;
  previous: string | null;
  next: string | null;
}

/** Pixels of a side that the outline is told in. */
const framePx = 512;
/** Looks kept: what a date shows of a place never changes, and is a few numbers. */
const mostLooks = 4000;

/** What every image of the workspace shows of a patch's place, in order of time. */
export class PlaceHistory {
  readonly #store: Store;
  readonly #sources = new SourceCache(48);
  readonly #pictures = new DatePictures(this.#sources);
  readonly #looks = new Map<string, Promise<Look>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /** One page of its dates; without `from` that which holds the onset. */
  async strip(patch: PatchRow, page: { from?: string | undefined; limit: number }): Promise<Strip> {
    const known = await this.#placeOf(patch);
    const { lastUnchanged, firstChanged } = onsetOf(known);
    const { shown, ...rest } = pageOf(known.groups, { ...page, onset: firstChanged });
    const dates: StripDate[] = [];
    // One after another: each reads an image, and a server has others to serve.
    for (const group of shown) {
      dates.push({ group, roles: rolesOf(group, known), ...(await this.#look(group, known)) });
    }
    const [first] = known.place.evidence.pairs;
    const base = known.groups.flatMap(({ scenes }) => scenes).find(({ id }) => !first || id === first.before.id);
    const bands = base
      ? (['natural', 'false-color'] as const).filter((one) => canShow(sceneOfRow(base).bands, one))
      : [];
    return {
      ...{ onset: { lastUnchanged, firstChanged }, dates, bands, ...rest },
      frame: placeFrame(known.place.evidence, framePx),
      unseenMonths: unseenMonths(await imagedMonths(this.#store.db), known.groups),
    };
  }

  /** Names a picture: the same tag is the same picture, to the byte. @throws as picture does */
  async pictureTag(patch: PatchRow, sceneOrDate: string, sizePx: number, bands: Bands): Promise<string> {
    const known = await this.#placeOf(patch);
    const { scenes } = groupNamed(known, sceneOrDate);
    const ids = scenes.map(({ id }) => id);
    return contentId('chip-1', patch.detectionId, ids, sizePx, bands);
  }

  /**
   * PNG of what a day shows, on the grid and under the stretch of the patch's own pictures.
   * @throws ServiceError not-found where no image of that name or day sees the place, or its file is gone
   */
  async picture(patch: PatchRow, sceneOrDate: string, sizePx: number, bands: Bands): Promise<Uint8Array> {
    const known = await this.#placeOf(patch);
    const group = groupNamed(known, sceneOrDate);
    try {
      return await this.#pictures.draw(known, group, sizePx, bands);
    } catch (error) {
      if (!(error instanceof ImageryError)) throw error;
      throw new ServiceError('not-found', `The image of ${group.date} can no longer be read.`, undefined, error);
    }
  }

  /** Frees the files it holds open. */
  close(): Promise<void> {
    return this.#sources.close();
  }

  async #placeOf(patch: PatchRow): Promise<KnownPlace> {
    const { db } = this.#store;
    const detection = await findDetection(db, patch.detectionId);
    if (!detection) throw new ServiceError('not-found', `Of patch ${patch.number} there is no detection.`);
    const { minLon, minLat, maxLon, maxLat } = patch;
    const box = { minLon, minLat, maxLon, maxLat };
    const looks = (await verdictsOfPatch(db, patch.id)).flatMap(
      ({ evidenceJson }) => (JSON.parse(evidenceJson) as WatchEvidence).looks,
    );
    const watched = new Set(looks.map(({ id }) => id));
    const own = JSON.parse(detection.evidenceJson) as Partial<Evidence>;
    const compared = (own.pairs ?? []).flatMap(({ before, after }) => [before.id, after.id]);
    const rows = await scenesOver(db, box, [...new Set([...compared, ...watched])]);
    const evidence = placed(own)
      ? { ...own, pairs: own.pairs ?? [] }
      : drawnEvidence(detection, rows.map(sceneOfRow), box);
    if (evidence === null) throw new ServiceError('not-found', `No image shows the place of patch ${patch.number}.`);
    const groups = groupByDate(rows, box);
    return { patch, detection, place: stripPlace(evidence, box), groups, watched };
  }

  #look(group: DateGroup, known: KnownPlace): Promise<Look> {
    const key = `${known.patch.detectionId} ${group.scenes.map(({ id }) => id).join(' ')}`;
    let look = this.#looks.get(key);
    if (look === undefined) {
      look = this.#last.then(() =>
        lookAt(
          group,
          known.place,
          isJudgedOn(group, known),
          referenceFor(group, known),
          shiftOn(known.place.inner, known),
          this.#sources,
        ),
      );
      this.#last = look.catch(() => {});
      // A file may be back the next time.
      const forget = () => this.#looks.delete(key);
      look.then(({ unreadable }) => unreadable && forget(), forget);
    }
    this.#looks.delete(key);
    this.#looks.set(key, look);
    const [oldest] = this.#looks.keys();
    if (this.#looks.size > mostLooks) this.#looks.delete(oldest);
    return look;
  }
}

/** Whether a detection says which pixels it is. */
function placed(evidence: Partial<Evidence>): evidence is Evidence {
  const { grid, runs } = evidence;
  return grid !== undefined && runs !== undefined && runs.row.length > 0;
}

/** A patch that came as a row of a batch or by its papers has an outline: its pixels are those of the latest image. */
function drawnEvidence(
  { geometryJson }: DetectionRow,
  scenes: readonly Scene[],
  box: StripPlace['box'],
): Evidence | null {
  const latest = scenes.at(-1);
  if (latest === undefined) return null;
  const evidence = latestLooks({ grid: latest.grid, afters: [], befores: [] }, JSON.parse(geometryJson), box);
  return placed(evidence) ? evidence : null;
}

function groupNamed({ groups, patch }: KnownPlace, sceneOrDate: string): DateGroup {
  const named = groups.find(({ date, scenes }) => date === sceneOrDate || scenes.some(({ id }) => id === sceneOrDate));
  if (named !== undefined) return named;
  throw new ServiceError('not-found', `No image '${sceneOrDate}' shows the place of patch ${patch.number}.`);
}

function onsetOf({ detection }: KnownPlace): Strip['onset'] {
  return { lastUnchanged: detection.beforeDate, firstChanged: detection.afterDate };
}

function rolesOf({ scenes }: DateGroup, { place, watched }: KnownPlace): DateRole[] {
  const is = (ids: ReadonlySet<string>) => scenes.some(({ id }) => ids.has(id));
  const { pairs } = place.evidence;
  const roles: [DateRole, ReadonlySet<string>][] = [
    ['before', new Set(pairs.map(({ before }) => before.id))],
    ['after', new Set(pairs.map(({ after }) => after.id))],
    ['watch', watched],
  ];
  return roles.filter(([, ids]) => is(ids)).map(([role]) => role);
}

/** Share of the pixels that a run must have judged on a day for it to have seen the patch on it. */
const leastJudged = 0.8;

function isJudgedOn({ scenes }: DateGroup, { place }: KnownPlace): boolean {
  const { pairs } = place.evidence;
  const own = new Set(scenes.map(({ id }) => id));
  const pixels = (some: typeof pairs) => some.reduce((sum, pair) => sum + pair.pixels, 0);
  const judged = pairs.filter(({ before, after }) => own.has(before.id) || own.has(after.id));
  return pixels(judged) > 0 && pixels(judged) >= leastJudged * pixels(pairs);
}

/** The look of the main pair that a date is held against: that which shows the ground as it then was. */
function referenceFor({ date, scenes }: DateGroup, { groups, place }: KnownPlace): Scene | null {
  const [pair] = place.evidence.pairs;
  if (pair === undefined) return null;
  const own = new Set(scenes.map(({ id }) => id));
  const wanted = date >= pair.after.date ? [pair.after.id, pair.before.id] : [pair.before.id, pair.after.id];
  const id = wanted.find((one) => !own.has(one));
  const row = groups.flatMap((group) => group.scenes).find((scene) => scene.id === id);
  return row === undefined ? null : sceneOfRow(row);
}
