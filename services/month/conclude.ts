import type { MultiPolygon, Polygon } from 'geojson';
import type { Kysely } from 'kysely';
import { changeTypes } from '../../detectors/change-type.ts';
import { detectorVersion } from '../../detectors/model.ts';
import { nextEvent } from '../lifecycle/event.ts';
import { replaceCoverage } from '../store/coverage.ts';
import { insertDetections, insertPlaces } from '../store/detections.ts';
import { appendEvent } from '../store/events.ts';
import type { Store } from '../store/open.ts';
import { insertOpinions } from '../store/opinions.ts';
import { replacePatchThemes } from '../store/patch-themes.ts';
import { highestNumber, insertOverlaps, insertPatches } from '../store/patches.ts';
import { finishRun } from '../store/runs.ts';
import type { Database } from '../store/schema.ts';
import { listZones } from '../store/zones.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { lastDayOf } from './calendar-month.ts';
import { districtCoverage } from './coverage.ts';
import { contentId, significant } from './evidence.ts';
import { gather, observedShares } from './gathered.ts';
import { type Judged, judgeRegions } from './judged.ts';
import { methodsTaken } from './methods.ts';
import { assignPlaces, type PlaceOfDetection } from './places.ts';
import type { MonthPlan } from './plan.ts';
import type { RunSummary } from './summary.ts';
import { type Issuing, type Verdict, verdictsOf } from './verdicts.ts';

/** Who puts patches into the queue. */
const actor = 'tuban';

interface Ready {
  judged: Judged;
  place: PlaceOfDetection;
  detectionId: string;
}

/**
 * Turns the compared cells into the month's queue. Everything is worked out first; then detections, places,
 * patches, overlaps, events, coverage and the finished run are written in one transaction.
 */
export async function concludeMonth(store: Store, plan: MonthPlan, now: Date): Promise<RunSummary> {
  const gathered = await gather(store, plan);
  const districtZones = await listZones(store.db, { date: lastDayOf(plan.month), layers: ['districts'] });
  const districts = districtZones.map(({ externalId, geometry }) => ({
    code: externalId,
    geometry: toGeoJson(fromWkb(geometry)) as Polygon | MultiPolygon,
  }));
  const judged = await judgeRegions(store, plan, gathered);
  const places = await assignPlaces(store, plan.grid, plan.month, judged);
  const ready = judged.map((each, i) => ({ judged: each, place: places[i], detectionId: detectionId(plan, each) }));
  const issued = ready.filter(({ judged, place }) => judged.screening === 'issued' && !place.open);
  const shares = observedShares(gathered);
  const summary: RunSummary = {
    runId: plan.id,
    month: plan.month,
    detectorVersion,
    methods: methodsTaken(gathered.models.values()),
    scenes: plan.afters.length,
    detections: ready.length,
    issued: issued.length,
    known: ready.filter(({ judged, place }) => judged.screening === 'issued' && place.open).length,
    screened: {
      'outside-protected': ready.filter(({ judged }) => judged.screening === 'outside-protected').length,
      'farming-type': ready.filter(({ judged }) => judged.screening === 'farming-type').length,
    },
    issuedAreaM2: issued.reduce((sum, { judged }) => sum + judged.areaM2, 0),
    seasonalFraction: gathered.seasonalPixels / gathered.pixels,
    observedFraction: shares.observed,
    cloudFraction: shares.cloud,
    warnings: gathered.warnings,
  };
  const coverage = districtCoverage(plan, gathered, districts);
  const verdicts = await verdictsOf(store, plan.month, issued.map(issuing(plan)), layersOf(plan), now);
  await store.db.transaction().execute(async (trx) => {
    await insertPlaces(
      trx,
      ready
        .filter(({ place }) => place.isNew)
        .map(({ place, judged }) => ({ id: place.placeId, district: judged.district, firstMonth: plan.month })),
    );
    await insertDetections(
      trx,
      ready.map((each) => detectionRow(plan, each)),
    );
    await issue(trx, plan, issued, verdicts, now);
    await replaceCoverage(trx, plan.id, coverage);
    await finishRun(trx, plan.id, JSON.stringify(summary), now);
  });
  return summary;
}

/** Numbers the patches in their order, district by district, and opens each with its first event. */
async function issue(
  trx: Kysely<Database>,
  plan: MonthPlan,
  issued: Ready[],
  verdicts: ReadonlyMap<string, Verdict>,
  now: Date,
): Promise<void> {
  const sequences = new Map<string, number>();
  for (const { judged, place, detectionId } of issued) {
    const { district, box } = judged;
    const prefix = `${district.slice(0, 6)}${plan.month.replace('-', '')}`;
    const last = sequences.get(prefix) ?? Number((await highestNumber(trx, prefix))?.slice(prefix.length) ?? 0);
    sequences.set(prefix, last + 1);
    const number = `${prefix}${String(last + 1).padStart(4, '0')}`;
    const id = patchIdOf(plan, place);
    const payload = { detectionId, runId: plan.id };
    const { event, after } = nextEvent(
      { subject: 'patch', id, action: 'find', actor, payload, at: now },
      district,
      null,
    );
    await insertPatches(trx, [
      {
        id,
        number,
        placeId: place.placeId,
        detectionId,
        month: plan.month,
        district,
        type: judged.patch.typed.type,
        areaM2: judged.areaM2,
        score: significant(judged.patch.score),
        state: after.state,
        dueAt: after.dueAt,
        version: after.version,
        ...box,
        createdAt: now.toISOString(),
        updatedAt: after.updatedAt,
      },
    ]);
    await insertOverlaps(
      trx,
      judged.overlaps.map((overlap) => ({ patchId: id, district, ...overlap })),
    );
    await appendEvent(trx, event);
    const { opinion, themes } = verdicts.get(id) as Verdict;
    await insertOpinions(trx, [opinion]);
    await replacePatchThemes(trx, [id], themes);
  }
}

function patchIdOf(plan: MonthPlan, { placeId }: PlaceOfDetection): string {
  return contentId('patch', placeId, plan.month);
}

function issuing(plan: MonthPlan): (ready: Ready) => Issuing {
  return ({ judged, place }) => ({
    patchId: patchIdOf(plan, place),
    placeId: place.placeId,
    district: judged.district,
    facts: judged.facts,
    overlaps: judged.overlaps,
  });
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
    screening: place.open && judged.screening === 'issued' ? 'known-place' : judged.screening,
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
