import type { MultiPolygon, Polygon } from 'geojson';
import { workspaceDeadlines } from '../deadlines/workspace.ts';
import { ServiceError } from '../error.ts';
import type { DueRecord } from '../lifecycle/clock-trail.ts';
import type { DeadlineRules } from '../lifecycle/deadline-rules.ts';
import type { Label } from '../lifecycle/label.ts';
import { factsOf, type Projection, project } from '../lifecycle/projection.ts';
import { type AllowedAction, allowedActions } from '../lifecycle/transitions.ts';
import { ancestorsIn, type FamilyTree, lineageOf } from '../lineage/lineage-of.ts';
import { type CaseRow, casesOfPatch } from '../store/cases.ts';
import { patchesById } from '../store/cycle-rows.ts';
import { type DetectionRow, findDetection } from '../store/detections.ts';
import { type EventRow, eventsOf } from '../store/events.ts';
import { type EarlierPhoto, photosOfPatches } from '../store/field-photos.ts';
import { whyFrozen } from '../store/frozen-steps.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { latestOpinion, type OpinionRow } from '../store/opinions.ts';
import { type PatchThemeRow, themesOfPatch } from '../store/patch-themes.ts';
import type { PatchRow } from '../store/patches.ts';
import { type SeenAgain, seenAgain } from '../store/place-links.ts';
import { patchesOfPlaces } from '../store/places.ts';
import {
  findPatchNamed,
  overlapsWithZones,
  type SamePlaceRow,
  samePlace,
  type ZoneOverlapRow,
} from '../store/queue.ts';

/** 1 亩 is 2000/3 m². */
export const MU_PER_M2 = 0.0015;

/** A detection with its JSON columns read. */
export type Detection = Omit<DetectionRow, 'evidenceJson' | 'geometryJson'> & {
  /** Scenes (ids, hashes, dates), grid, pixel runs, features, detector and parameter versions. */
  evidence: Record<string, unknown>;
  /** GeoJSON, lon/lat. */
  geometry: Polygon | MultiPolygon;
};

/** How much of the patch lies in one zone. */
export type Overlap = Omit<ZoneOverlapRow, 'propertiesJson'> & {
  /** The zone's own attributes as imported. */
  properties: Record<string, unknown>;
  areaMu: number;
  /** 0–1. */
  shareOfPatch: number;
};

export type HistoryEvent = Omit<EventRow, 'payloadJson'> & {
  payload: Record<string, unknown> & { due?: DueRecord };
};

export interface PatchDetail {
  patch: PatchRow;
  districtName: string;
  areaMu: number;
  detection: Detection;
  /** By layer, largest first. */
  overlaps: Overlap[];
  /** The latest opinion of the rules, or null where none was formed. */
  opinion: OpinionRow | null;
  /** In order of name. */
  themes: PatchThemeRow[];
  /** Oldest first. */
  history: HistoryEvent[];
  /** Code of the latest judgement, or null. */
  judgement: string | null;
  /** Since when the clock stands still and what was due then, or null. */
  stopped: Projection['stopped'];
  /** All that the history adds up to. */
  projection: Projection;
  /** Why the latest step stands fast, or null. */
  frozen: Label | null;
  rules: DeadlineRules;
  /** The steps possible now; send patch.version as expectedVersion with one. */
  allowedActions: AllowedAction[];
  /** The cases that cover it, oldest first. */
  cases: CaseRow[];
  /** The same place's patches of other months, oldest first. */
  samePlace: SamePlaceRow[];
  /** What later images showed there, oldest first; with other patches that the same change touches. */
  seenAgain: SeenAgain[];
  /** All that splits and merges join to it, itself first. */
  family: FamilyTree;
  /** Photos handed in for the place's other patches and for those it came out of, in the order they came in. */
  earlierPhotos: EarlierPhoto[];
}

/**
 * All there is to know of one patch, by id or number (JCBH). Throws not-found where there is none, or
 * where it lies outside `within` (a district code prefix; '' = all).
 */
export async function patchDetail(store: Store, idOrNumber: string, within = ''): Promise<PatchDetail> {
  const { db } = store;
  const patch = await findPatchNamed(db, idOrNumber);
  if (!patch?.district.startsWith(within)) throw new ServiceError('not-found', `There is no patch ${idOrNumber}.`);
  const detection = await findDetection(db, patch.detectionId);
  const events = await eventsOf(db, 'patch', patch.id);
  const projection = project(events);
  if (!detection || !projection) {
    throw new ServiceError('store-unusable', `The patch ${patch.id} has no ${detection ? 'events' : 'detection'}.`);
  }
  const { rules } = await workspaceDeadlines(db);
  return {
    patch,
    projection,
    rules,
    frozen: await whyFrozen(db, {
      subject: 'patch',
      id: patch.id,
      version: projection.version,
      at: projection.updatedAt,
    }),
    districtName: (await districtNames(db)).get(patch.district) ?? patch.district,
    areaMu: patch.areaM2 * MU_PER_M2,
    detection: readDetection(detection),
    overlaps: (await overlapsWithZones(db, patch.id)).map((overlap) => readOverlap(overlap, patch.areaM2)),
    opinion: await latestOpinion(db, patch.id),
    themes: await themesOfPatch(db, patch.id),
    history: events.map(readEvent),
    judgement: projection.judgement,
    stopped: projection.stopped,
    allowedActions: allowedActions('patch', projection.state, factsOf(projection, rules)),
    cases: await casesOfPatch(db, patch.id),
    ...(await placeOf(db, patch)),
  };
}

/** What is known of its place and its kin. */
async function placeOf(
  db: Store['db'],
  patch: PatchRow,
): Promise<Pick<PatchDetail, 'samePlace' | 'seenAgain' | 'family' | 'earlierPhotos'>> {
  const family = await lineageOf(db, patch.id);
  const ancestors = ancestorsIn(family, patch.id);
  const places = [patch.placeId, ...(await patchesById(db, ancestors)).map(({ placeId }) => placeId)];
  const there = (await patchesOfPlaces(db, [...new Set(places)])).map(({ id }) => id);
  const others = [...new Set([...ancestors, ...there])].filter((id) => id !== patch.id);
  return {
    samePlace: await samePlace(db, patch),
    seenAgain: await seenAgain(db, patch.id),
    family,
    earlierPhotos: await photosOfPatches(db, others),
  };
}

function readDetection({ evidenceJson, geometryJson, ...row }: DetectionRow): Detection {
  return { ...row, evidence: JSON.parse(evidenceJson), geometry: JSON.parse(geometryJson) };
}

function readOverlap({ propertiesJson, ...row }: ZoneOverlapRow, patchAreaM2: number): Overlap {
  // Both areas are rounded sums over pixels: a patch wholly inside may come out a hair above 1.
  const shareOfPatch = patchAreaM2 > 0 ? Math.min(1, row.areaM2 / patchAreaM2) : 0;
  return { ...row, properties: JSON.parse(propertiesJson), areaMu: row.areaM2 * MU_PER_M2, shareOfPatch };
}

function readEvent({ payloadJson, ...row }: EventRow): HistoryEvent {
  return { ...row, payload: JSON.parse(payloadJson) };
}
