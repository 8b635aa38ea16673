import type { MultiPolygon, Polygon } from 'geojson';
import { changeTypes } from '../../detectors/change-type.ts';
import { detectorVersion } from '../../detectors/model.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { replaceCoverage } from '../store/coverage.ts';
import { insertDetections, insertPlaces } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { finishRun } from '../store/runs.ts';
import { listZones } from '../store/zones.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { lastDayOf } from './calendar-month.ts';
import { districtCoverage } from './coverage.ts';
import { contentId, significant } from './evidence.ts';
import { expiredGround } from './expired-ground.ts';
import { gather, observedShares } from './gathered.ts';
import { type Issue, issuePatches, patchIdOf } from './issue.ts';
import { issueLeads } from './issue-leads.ts';
import { type Judged, judgeRegions } from './judged.ts';
import { linkPlaces } from './link-places.ts';
import { methodsTaken } from './methods.ts';
import { assignPlaces } from './places.ts';
import type { MonthPlan } from './plan.ts';
import type { Ready } from './ready.ts';
import type { RunSummary } from './summary.ts';
import { verdictsOf } from './verdicts.ts';

/**
 * Turns the compared cells into the month's queue. Everything is worked out first; then detections, places,
 * patches, overlaps, events, coverage and the finished run are written in one transaction.
 * @param also what else is written in it, when the patches are there
 */
export async function concludeMonth(
  store: Store,
  plan: MonthPlan,
  now: Date,
  also: (trx: Store['db']) => Promise<void> = async () => {},
): Promise<RunSummary> {
  const gathered = await gather(store, plan);
  const districtZones = await listZones(store.db, { date: lastDayOf(plan.month), layers: ['districts'] });
  const districts = districtZones.map(({ externalId, geometry }) => ({
    code: externalId,
    geometry: toGeoJson(fromWkb(geometry)) as Polygon | MultiPolygon,
  }));
  const judged = await judgeRegions(store, plan, gathered);
  const places = await assignPlaces(store, plan.grid, plan.month, judged);
  const ready = judged.map((each, i) => ({ judged: each, place: places[i], detectionId: detectionId(plan, each) }));
  const issued = ready.filter(({ judged, place }) => judged.screening === 'issued' && !place.dealtWith);
  const expired = await expiredGround(store, plan);
  const shares = observedShares(gathered);
  const summary: RunSummary = {
    runId: plan.id,
    month: plan.month,
    detectorVersion,
    methods: methodsTaken(gathered.models.values()),
    scenes: plan.afters.length,
    detections: ready.length,
    issued: issued.length,
    ...knownCounts(ready),
    screened: {
      'outside-protected': ready.filter(({ judged }) => judged.screening === 'outside-protected').length,
      'farming-type': ready.filter(({ judged }) => judged.screening === 'farming-type').length,
    },
    expired: expired.length,
    issuedAreaM2: issued.reduce((sum, { judged }) => sum + judged.areaM2, 0),
    seasonalFraction: gathered.seasonalPixels / gathered.pixels,
    observedFraction: shares.observed,
    cloudFraction: shares.cloud,
    warnings: gathered.warnings,
  };
  const coverage = districtCoverage(plan, gathered, districts);
  const issues = [...issued.map(issueOf(plan.month)), ...expired.map(({ issue }) => issue)];
  const verdicts = await verdictsOf(store, plan.month, issues, layersOf(plan), now);
  const unjudged = issues.filter(({ patchId }) => verdicts.get(patchId)!.opinion === null);
  if (unjudged.length > 0) {
    const day = lastDayOf(plan.month);
    summary.warnings.push(
      `${unjudged.length} patches have no opinion: no rule set is in effect on ${day} in their districts`,
    );
  }
  await store.db.transaction().execute(async (trx) => {
    await insertPlaces(
      trx,
      ready
        .filter(({ place }) => place.isNew)
        .map(({ place, judged }) => ({ id: place.placeId, district: judged.district, firstMonth: plan.month })),
    );
    await insertPlaces(
      trx,
      expired.map(({ issue }) => ({ id: issue.placeId, district: issue.district, firstMonth: plan.month })),
    );
    await insertDetections(trx, [
      ...ready.map((each) => detectionRow(plan, each)),
      ...expired.map(({ detection }) => detection),
    ]);
    await issuePatches(trx, plan, issues, verdicts, now);
    await linkPlaces(trx, ready, now);
    await replaceCoverage(trx, plan.id, coverage);
    await also(trx);
    await finishRun(trx, plan.id, JSON.stringify(summary), now);
    // How projects stand is told by finished runs, of which this is the last one now.
    const { issued: leads, told: leadsTold } = await issueLeads(trx, plan, now);
    Object.assign(summary, { leads, leadsTold });
    await finishRun(trx, plan.id, JSON.stringify(summary), now);
  });
  return summary;
}

/** Detections at known places, by what comes of them. */
function knownCounts(ready: readonly Ready[]): Pick<RunSummary, 'known' | 'seenAgain' | 'broughtBack'> {
  const links = ready.filter(({ place }) => place.dealtWith).map(({ place }) => place.links[0]);
  const broughtBack = links.filter(({ effect }) => effect !== 'linked').length;
  const seenAgain = links.filter(({ effect, state }) => {
    return effect === 'linked' && stateOf('patch', state).outcome !== 'open';
  }).length;
  return { known: links.length - broughtBack - seenAgain, seenAgain, broughtBack };
}

function issueOf(month: string): (ready: Ready) => Issue {
  return ({ judged, place: { placeId }, detectionId }) => {
    const { patch, areaM2, district, box, facts, overlaps } = judged;
    const found = { type: patch.typed.type, areaM2, score: significant(patch.score), box };
    return { patchId: patchIdOf(month, placeId), placeId, detectionId, district, facts, overlaps, ...found };
  };
}

function layersOf({ layers }: MonthPlan): ReadonlySet<string> {
  return new Set(layers.map(({ name }) => name));
}

function detectionRow(plan: MonthPlan, { judged, place, detectionId }: Ready) {
  const { patch, areaM2, district, geometry, box, evidence, beforeDate, afterDate, observedFraction } = judged;
  return {
    id: detectionId,
    runId: plan.id,
    placeId: place.placeId,
    month: plan.month,
    district,
    areaM2,
    score: significant(patch.score),
    type: patch.typed.type,
    typeConfidence: significant(patch.typed.confidence),
    screening: place.dealtWith && judged.screening === 'issued' ? 'known-place' : judged.screening,
    beforeDate,
    afterDate,
    observedFraction,
    evidenceJson: JSON.stringify({ ...evidence, tblx: changeTypes[patch.typed.type].tblx }),
    geometryJson: JSON.stringify(geometry),
    ...box,
  };
}

/** What was seen, from what, by which detector: not when it was computed. */
function detectionId(plan: MonthPlan, { evidence, screening }: Judged): string {
  return contentId('detection', plan.month, evidence, screening);
}
