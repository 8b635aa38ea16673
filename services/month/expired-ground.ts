import type { MultiPolygon, Polygon } from 'geojson';
import type { Insertable } from 'kysely';
import type { ChangedPlace, Ground } from '../ground/changed-place.ts';
import { overlapsOf } from '../ground/overlaps.ts';
import { surveyGround } from '../ground/survey.ts';
import { shapeOf } from '../ground/zone-shape.ts';
import { type DocumentZone, type ExpiryLead, expiryLeads } from '../legality/expiry-leads.ts';
import { chooseRuleSet, knownRuleSets } from '../legality/known-rule-sets.ts';
import type { RuleSet } from '../legality/rule-set.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { noChange } from '../queue/change-types.ts';
import type { Store } from '../store/open.ts';
import { issuedNear, knownPlaces } from '../store/places.ts';
import type { DetectionTable } from '../store/schema.ts';
import { zoneProperties } from '../store/zone-properties.ts';
import { validVersions } from '../store/zone-versions.ts';
import { readZones, type ZoneRow } from '../store/zones.ts';
import { fromGeoJson, fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { type Instrument, instrumentOf, LAYER_ROLES } from '../zones/layer-roles.ts';
import type { PreparedPatch } from '../zones/overlay/prepared-patch.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { lastDayOf } from './calendar-month.ts';
import { contentId } from './evidence.ts';
import { type Issue, patchIdOf } from './issue.ts';
import { latestLooks } from './latest-looks.ts';
import type { MonthPlan } from './plan.ts';

/** Land that became unlawful with no change in any pixel: as detection and as patch. */
export interface ExpiredGround {
  detection: Insertable<DetectionTable>;
  issue: Issue;
}

/** A patch already open over this share of the ground deals with it. */
const SAME_SPOT = 0.2;

interface Document {
  zone: ZoneRow;
  instrument: Instrument;
}

interface Expired {
  zone: ZoneRow;
  lead: ExpiryLead;
  patch: PreparedPatch;
}

/**
 * The land whose document has run out by the month's last day and was not renewed, that no patch deals with yet. Looked
 * for in every run, whatever the images show.
 */
export async function expiredGround(store: Store, plan: MonthPlan): Promise<ExpiredGround[]> {
  const day = lastDayOf(plan.month);
  const known = (await knownRuleSets(store)).map(({ ruleSet }) => ruleSet);
  const rulesOf = (district: string | null) => chooseRuleSet(known, day, district ?? '');
  const found = await findExpired(store, day, rulesOf);
  const open: Expired[] = [];
  for (const each of found) if (!(await isDealtWith(store, plan.month, each))) open.push(each);
  const places = open.map(({ zone, lead, patch }): ChangedPlace => {
    const instrument = `${zone.layer}/${zone.externalId}`;
    const onset = { lastUnchanged: lead.expiredOn, firstChanged: day };
    return { patch, type: 'unknown', typeConfidence: 0, onset, established: { occupiedUnder: instrument } };
  });
  const ready: ExpiredGround[] = [];
  for await (const ground of surveyGround(store.db, day, places)) {
    ready.push(readyOf(plan, open[ready.length], ground));
  }
  return ready;
}

/** Expired documents in order of layer and id. */
async function findExpired(
  store: Store,
  day: string,
  rulesOf: (district: string | null) => RuleSet | null,
): Promise<Expired[]> {
  const layers = LAYER_ROLES.filter(({ group }) => group === 'instrument').map(({ name }) => name);
  const valid = await validVersions(store.db, day, layers);
  const candidates: Document[] = [];
  for await (const zone of readZones(store.db, valid)) {
    const instrument = instrumentOf(zone.layer, JSON.parse(zone.propertiesJson));
    const rules = rulesOf(zone.district);
    if (instrument === null || rules === null) continue;
    if (expiryLeads([documentOf(zone, instrument, [])], day, rules).length > 0) candidates.push({ zone, instrument });
  }
  const patches = candidates.map(({ zone }) => prepareShape(fromWkb(zone.geometry)));
  const expired: Expired[] = [];
  let i = 0;
  for await (const touching of overlapsOf(store.db, valid, patches)) {
    const [{ zone, instrument }, patch] = [candidates[i], patches[i++]];
    const others = touching.filter(({ id, insideM2 }) => id !== zone.id && insideM2 > 0);
    const properties = await zoneProperties(
      store.db,
      others.map(({ id }) => id),
    );
    const over = others.flatMap(({ id, layer, insideM2 }) => {
      const other = instrumentOf(layer, properties.get(id) ?? {});
      return other === null ? [] : [{ instrument: other, share: insideM2 / patch.totalM2 }];
    });
    const [lead] = expiryLeads([documentOf(zone, instrument, over)], day, rulesOf(zone.district)!);
    if (lead !== undefined) expired.push({ zone, lead, patch });
  }
  return expired;
}

function documentOf({ id, areaM2 }: ZoneRow, instrument: Instrument, others: DocumentZone['others']): DocumentZone {
  return { id: String(id), areaM2, instrument, others };
}

/** True where this very expiry was found before, or a patch that is open deals with the ground. */
async function isDealtWith({ db }: Store, month: string, { zone, lead, patch }: Expired): Promise<boolean> {
  if ((await knownPlaces(db, [placeIdOf(zone, lead)])).length > 0) return true;
  for (const { state, areaM2, geometryJson } of await issuedNear(db, zone, month)) {
    if (stateOf('patch', state).outcome !== 'open') continue;
    const shape = fromGeoJson(JSON.parse(geometryJson));
    if (patch.areaInside(shape) >= SAME_SPOT * Math.min(areaM2, patch.totalM2)) return true;
  }
  return false;
}

function placeIdOf({ layer, externalId }: ZoneRow, { expiredOn }: ExpiryLead): string {
  return contentId('place', 'expired', layer, externalId, expiredOn);
}

function readyOf(plan: MonthPlan, { zone, lead, patch }: Expired, ground: Ground): ExpiredGround {
  const { minLon, minLat, maxLon, maxLat } = zone;
  const box = { minLon, minLat, maxLon, maxLat };
  const placeId = placeIdOf(zone, lead);
  const district = ground.district ?? zone.district ?? '000000';
  const geometry = toGeoJson(shapeOf(zone)) as Polygon | MultiPolygon;
  const evidence = { ...latestLooks(plan, geometry, box), tblx: noChange.tblx, expired: lead };
  const detectionId = contentId('detection', plan.month, placeId, lead);
  const areaM2 = patch.totalM2;
  const seen = { beforeDate: lead.expiredOn, afterDate: lastDayOf(plan.month), observedFraction: 1 };
  const found = { id: detectionId, runId: plan.id, placeId, month: plan.month, district, areaM2, score: 0 };
  return {
    detection: {
      ...found,
      type: noChange.code,
      typeConfidence: 1,
      screening: 'expired',
      ...seen,
      evidenceJson: JSON.stringify(evidence),
      geometryJson: JSON.stringify(geometry),
      ...box,
    },
    issue: {
      ...{ patchId: patchIdOf(plan.month, placeId), placeId, detectionId, district, areaM2, score: 0, box },
      type: noChange.code,
      facts: ground.facts,
      overlaps: ground.overlaps,
    },
  };
}
