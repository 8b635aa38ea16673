import type { Grid } from '../../imagery/grid.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { united } from '../lineage/cut.ts';
import { type KnownPatch, seenAgain } from '../lineage/seen-again.ts';
import { localDay } from '../local-time.ts';
import { eventsBySubject } from '../store/cycle-rows.ts';
import type { Store } from '../store/open.ts';
import { grownOutlines } from '../store/place-links.ts';
import { type IssuedPatch, issuedNear } from '../store/places.ts';
import type { PlaceLinkTable } from '../store/schema-lineage.ts';
import { fromGeoJson } from '../zones/geometry/wkb.ts';
import type { ZoneGeometry } from '../zones/geometry/zone-geometry.ts';
import { prepareRuns } from '../zones/overlay/runs-patch.ts';
import { contentId } from './evidence.ts';
import type { Judged } from './judged.ts';

/** A known place that a detection touches, and what comes of that. */
export interface KnownLink extends Pick<PlaceLinkTable, 'placeId' | 'patchId' | 'relation' | 'effect'> {
  /** Of its patch, when it was looked at. */
  state: string;
  sharedM2: number;
  beyondM2: number;
  knownM2: number;
}

/** Which place a detection belongs to, and whether that place has been dealt with, or is being. */
export interface PlaceOfDetection {
  placeId: string;
  isNew: boolean;
  /** True: it is linked to a patch there, which may come back for it; nothing is issued. */
  dealtWith: boolean;
  /** Every known place that it touches, the one it shares most with first. */
  links: KnownLink[];
}

/** Detections that share this much of the smaller one are the same spot on the ground. */
const sameSpotShare = 0.2;

interface Known extends KnownPatch {
  patch: IssuedPatch;
  outline: ZoneGeometry;
}

/**
 * Gives every detection its place: that of an earlier patch it shares most ground with, otherwise a new one; and says
 * what comes of every patch it touches. Of detections that call for a patch of one place, or bring it back, the one that
 * shares most does; another one has a place of its own.
 */
export async function assignPlaces(
  store: Store,
  grid: Grid,
  month: string,
  all: readonly Judged[],
): Promise<PlaceOfDetection[]> {
  const touching: KnownLink[][] = [];
  for (const judged of all)
    touching.push(judged.screening === 'issued' ? await touched(store, grid, month, judged) : []);
  const places = all.map(
    ({ district, evidence }): PlaceOfDetection => ({
      placeId: contentId('place', month, district, evidence.grid, evidence.runs),
      ...{ isNew: true, dealtWith: false, links: [] },
    }),
  );
  const most = (i: number) => touching[i][0]?.sharedM2 ?? 0;
  const order = all.map((_, i) => i).sort((a, b) => most(b) - most(a) || a - b);
  const taken = new Set<string>();
  for (const i of order) places[i] = { ...places[i], ...claimed(touching[i], taken) };
  return places;
}

type Claim = Partial<PlaceOfDetection>;

/** @param taken places that have a patch of this month, or patches brought back, by this run; added to */
function claimed(links: readonly KnownLink[], taken: Set<string>): Claim {
  const [first] = links;
  if (first === undefined) return {};
  const { placeId, patchId, effect } = first;
  if (effect === 'issued') {
    if (taken.has(placeId)) return { links: withEffect(links, 'linked') };
    taken.add(placeId);
    return { placeId, isNew: false, links: [...links] };
  }
  const again = effect !== 'linked' && taken.has(patchId);
  if (effect !== 'linked') taken.add(patchId);
  return { placeId, isNew: false, dealtWith: true, links: again ? withEffect(links, 'linked') : [...links] };
}

function withEffect(links: readonly KnownLink[], effect: KnownLink['effect']): KnownLink[] {
  return links.map((link) => ({ ...link, effect }));
}

/** The known places a detection touches: one that is open deals with it, else the one it shares most with decides. */
async function touched(store: Store, grid: Grid, month: string, judged: Judged): Promise<KnownLink[]> {
  const near = await issuedNear(store.db, judged.box, month);
  if (near.length === 0) return [];
  const seen = prepareRuns(judged.patch.region.runs, grid);
  const standing = [...Map.groupBy(near, ({ placeId }) => placeId).values()].map(
    (patches) => patches.find(isOpen) ?? patches[0],
  );
  const shared = (await knownAt(store, standing))
    .map((known) => ({ known, sharedM2: seen.areaInside(known.outline) }))
    .filter(
      ({ known, sharedM2 }) => sharedM2 >= sameSpotShare * Math.min(judged.areaM2, known.patch.areaM2) && sharedM2 > 0,
    )
    .sort(
      (a, b) =>
        Number(isOpen(b.known)) - Number(isOpen(a.known)) ||
        b.sharedM2 - a.sharedM2 ||
        (a.known.patch.placeId < b.known.patch.placeId ? -1 : 1),
    );
  if (shared.length === 0) return [];
  const outlines = shared.map(({ known }) => known.outline);
  const all = outlines.length === 1 ? shared[0].sharedM2 : seen.areaInside(united(outlines));
  const beyondM2 = Math.max(0, judged.areaM2 - all);
  const change = { type: judged.patch.typed.type, beforeDate: judged.beforeDate, beyondM2 };
  return shared.map(({ known, sharedM2 }, i) => {
    const { placeId, patchId } = known.patch;
    const verdict = seenAgain(known, change);
    // A place in a month's queue is there once.
    const decided = verdict.effect === 'issued' && known.patch.month === month ? 'linked' : verdict.effect;
    const link = { placeId, patchId, state: known.state, sharedM2, beyondM2, knownM2: known.areaM2 };
    return { ...link, relation: verdict.relation, effect: i === 0 ? decided : 'linked' };
  });
}

/** With all that people have been shown of each place: what was seen to grow once is no news the next time. */
async function knownAt({ db }: Store, patches: readonly IssuedPatch[]): Promise<Known[]> {
  const grown = await grownOutlines(
    db,
    patches.map(({ patchId }) => patchId),
  );
  const ended = patches.filter((patch) => !isOpen(patch)).map(({ patchId }) => patchId);
  const logs = await eventsBySubject(db, 'patch', ended);
  return patches.map((patch) => {
    const outlines = [patch.geometryJson, ...(grown.get(patch.patchId) ?? [])].map((json) =>
      fromGeoJson(JSON.parse(json)),
    );
    const outline = outlines.length === 1 ? outlines[0] : united(outlines);
    const log = withoutUndone(logs.get(patch.patchId) ?? []);
    const end = log.findLast(({ fromState, toState }) => toState === patch.state && fromState !== toState);
    const endedOn = end === undefined ? null : localDay(end.at);
    const { state, type, areaM2 } = patch;
    return { patch, outline, state, type, areaM2, endedOn, reason: end?.reason ?? null };
  });
}

function isOpen({ state }: { state: string }): boolean {
  return stateOf('patch', state).outcome === 'open';
}
