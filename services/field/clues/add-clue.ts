import type { MultiPolygon, Polygon } from 'geojson';
import type { Insertable } from 'kysely';
import type { ChangeType } from '../../../detectors/change-type.ts';
import { ServiceError } from '../../error.ts';
import type { Ground } from '../../ground/changed-place.ts';
import { surveyGround } from '../../ground/survey.ts';
import { stateOf } from '../../lifecycle/transitions.ts';
import { localDay } from '../../local-time.ts';
import { lastDayOf } from '../../month/calendar-month.ts';
import { contentId } from '../../month/evidence.ts';
import { type Issue, issuePatches, patchIdOf } from '../../month/issue.ts';
import { verdictsOf } from '../../month/verdicts.ts';
import { CHANGE_TYPES } from '../../queue/change-types.ts';
import { insertDetections, insertPlaces } from '../../store/detections.ts';
import { type ClueRow, findClue, insertClue, insertClueRun } from '../../store/field-clues.ts';
import { listLayers } from '../../store/layers.ts';
import type { Store } from '../../store/open.ts';
import { findPatch } from '../../store/patches.ts';
import { type IssuedPatch, issuedNear } from '../../store/places.ts';
import type { DetectionTable } from '../../store/schema.ts';
import { fromGeoJson } from '../../zones/geometry/wkb.ts';
import type { PreparedPatch } from '../../zones/overlay/prepared-patch.ts';
import { prepareShape } from '../../zones/overlay/shape-patch.ts';
import { looksAt } from './clue-evidence.ts';

/** A report as it is handed in. */
export interface ClueReport {
  source: 'public' | 'patrol';
  who: string;
  text: string;
  /** When it was seen. */
  at: Date;
  /** Lon/lat. */
  geometry: Polygon | MultiPolygon;
  type: ChangeType;
  /** Last day on which it is known that nothing had happened, YYYY-MM-DD; null where nobody knows. */
  unchangedOn: string | null;
}

/** Beginning of an onset nobody knows the beginning of: no document can be told to be older. */
export const UNKNOWN_SINCE = '1900-01-01';

/** A patch over this share of the ground is the same spot: of months' runs, too. */
const SAME_SPOT = 0.2;
/** Larger places are no clue but a map. */
const MOST_M2 = 2e7;

/**
 * Takes a report in: where an open patch deals with the ground it is linked to that, otherwise it opens a patch of this
 * month on the same lifecycle, at the place that is known there or a new one. Reported again in the same words it is
 * the same clue.
 * @throws ServiceError bad-input
 */
export async function addClue(store: Store, report: ClueReport, now: Date): Promise<ClueRow> {
  checkReport(report, now);
  const { source, who, text, at, geometry } = report;
  const id = contentId('clue', source, who, text, at.toISOString(), geometry);
  const known = await findClue(store.db, id);
  if (known !== null) return known;
  const shape = shapeOf(geometry);
  const month = localDay(now).slice(0, 7);
  const there = await placeThere(store, month, shape);
  if (there?.deals) {
    const { placeId, patchId, district } = there;
    const clue = clueRow(id, report, now, { placeId, patchId, district, opened: 0 });
    await insertClue(store.db, clue);
    return clue;
  }
  return openPatch(store, id, report, { shape, month, placeId: there?.placeId ?? contentId('place', 'clue', id), now });
}

interface Opening {
  shape: PreparedPatch;
  month: string;
  placeId: string;
  now: Date;
}

async function openPatch(store: Store, id: string, report: ClueReport, opening: Opening): Promise<ClueRow> {
  const { shape, month, placeId, now } = opening;
  const onset = { lastUnchanged: report.unchangedOn ?? UNKNOWN_SINCE, firstChanged: localDay(report.at) };
  const { type } = report;
  const places = [{ patch: shape, type, typeConfidence: type === 'unknown' ? 0 : 1, onset }];
  const ground = (await surveyGround(store.db, lastDayOf(month), places).next()).value as Ground;
  const { detection, issue } = await readyOf(store, id, report, opening, ground);
  const layers = (await listLayers(store.db)).filter(({ state }) => state === 'ready');
  const verdicts = await verdictsOf(store, month, [issue], new Set(layers.map(({ name }) => name)), now);
  const { district, patchId } = issue;
  const clue = clueRow(id, report, now, { placeId, patchId, district, opened: 1 });
  await store.db.transaction().execute(async (trx) => {
    const run = { id: detection.runId, month, district };
    await insertClueRun(trx, { ...run, planJson: JSON.stringify({ month, clue: id, source: report.source }) }, now);
    await insertPlaces(trx, [{ id: placeId, district, firstMonth: month }]);
    await insertDetections(trx, [detection]);
    await issuePatches(trx, run, [issue], verdicts, now);
    await insertClue(trx, clue);
  });
  return clue;
}

async function readyOf(
  store: Store,
  clueId: string,
  { source, who, type, at, geometry, unchangedOn }: ClueReport,
  { shape, month, placeId }: Opening,
  ground: Ground,
): Promise<{ detection: Insertable<DetectionTable>; issue: Issue }> {
  const { minLon, minLat, maxLon, maxLat } = shape.box;
  const box = { minLon, minLat, maxLon, maxLat };
  const district = ground.district ?? '000000';
  const areaM2 = shape.totalM2;
  const detectionId = contentId('detection', 'clue', clueId);
  const tblx = CHANGE_TYPES.find(({ code }) => code === type)!.tblx;
  const evidence = { ...(await looksAt(store, month, geometry, box)), tblx, clue: { id: clueId, source } };
  const days = { beforeDate: unchangedOn ?? UNKNOWN_SINCE, afterDate: localDay(at), observedFraction: 0 };
  const found = { placeId, district, areaM2, type, score: 0 };
  return {
    detection: {
      ...{ id: detectionId, runId: contentId('run', 'clue', clueId), month, typeConfidence: 0, screening: 'clue' },
      ...found,
      ...days,
      evidenceJson: JSON.stringify(evidence),
      geometryJson: JSON.stringify(geometry),
      ...box,
    },
    issue: {
      ...{ ...found, patchId: patchIdOf(month, placeId), detectionId, box },
      facts: ground.facts,
      overlaps: ground.overlaps,
      foundBy: { source, clueId, who },
    },
  };
}

/** The latest patch over the ground, and whether it deals with it: open, or of this very month. */
async function placeThere(
  { db }: Store,
  month: string,
  shape: PreparedPatch,
): Promise<(IssuedPatch & { district: string; deals: boolean }) | null> {
  const same = (await issuedNear(db, shape.box, month)).filter(({ areaM2, geometryJson }) => {
    const shared = shape.areaInside(fromGeoJson(JSON.parse(geometryJson)));
    return shared >= SAME_SPOT * Math.min(areaM2, shape.totalM2);
  });
  const deals = (patch: IssuedPatch) => patch.month === month || stateOf('patch', patch.state).outcome === 'open';
  const found = same.find(deals) ?? same[0];
  if (found === undefined) return null;
  const patch = await findPatch(db, found.patchId);
  return { ...found, district: patch!.district, deals: deals(found) };
}

function shapeOf(geometry: Polygon | MultiPolygon): PreparedPatch {
  const shape = prepareShape(fromGeoJson(geometry));
  if (shape.totalM2 <= MOST_M2) return shape;
  const got = `${(shape.totalM2 / 1e6).toFixed(1)} km²`;
  throw new ServiceError('bad-input', `A clue names a place of at most 20 km²; got ${got}.`);
}

function checkReport({ who, text, at, type }: ClueReport, now: Date): void {
  const refused = (wanted: string) => new ServiceError('bad-input', `A clue needs ${wanted}.`);
  if (who.trim() === '') throw refused("to say who reported it ('anonymous' will do); got nothing");
  if (text.trim() === '' || text.length > 10_000) throw refused('a text of 1 to 10,000 characters');
  if (!(at.getTime() <= now.getTime())) throw refused(`a time that is past; got ${String(at)}`);
  if (!CHANGE_TYPES.some(({ code }) => code === type)) {
    throw refused(`a type, one of ${CHANGE_TYPES.map(({ code }) => code).join(', ')}; got '${type}'`);
  }
}

function clueRow(
  id: string,
  { source, who, text, at, geometry }: ClueReport,
  now: Date,
  where: Pick<ClueRow, 'placeId' | 'patchId' | 'district' | 'opened'>,
): ClueRow {
  const times = { at: at.toISOString(), addedAt: now.toISOString() };
  return { id, source, who, text, ...times, ...where, geometryJson: JSON.stringify(geometry) };
}
