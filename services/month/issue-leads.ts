import type { MultiPolygon, Polygon } from 'geojson';
import type { Insertable } from 'kysely';
import type { ChangedPlace, Ground } from '../ground/changed-place.ts';
import { surveyGround } from '../ground/survey.ts';
import { shapeOf } from '../ground/zone-shape.ts';
import { transitionIn } from '../lifecycle/transition.ts';
import { stateOf } from '../lifecycle/transitions.ts';
import { noChange } from '../queue/change-types.ts';
import { insertDetections, insertPlaces } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { toldLeads } from '../store/project-leads.ts';
import type { DetectionTable } from '../store/schema.ts';
import { validVersions } from '../store/zone-versions.ts';
import { readZones, type ZoneRow } from '../store/zones.ts';
import { standardThemes } from '../themes/definition.ts';
import { type KnownLead, projectLeads } from '../themes/project-leads.ts';
import { projectLayers, type WatchedProject, watchProjects } from '../themes/project-watch.ts';
import { severityOf } from '../themes/severity.ts';
import { fromWkb, toGeoJson } from '../zones/geometry/wkb.ts';
import { prepareShape } from '../zones/overlay/shape-patch.ts';
import { lastDayOf, monthBefore } from './calendar-month.ts';
import { contentId } from './evidence.ts';
import { type Issue, issuePatches, patchIdOf } from './issue.ts';
import { latestLooks } from './latest-looks.ts';
import { type Lead, leadOf, leadWords } from './lead.ts';
import type { MonthPlan } from './plan.ts';
import type { Verdict } from './verdicts.ts';

/** What of a run's plan leads are issued by. */
export type LeadRun = Pick<MonthPlan, 'id' | 'month' | 'grid' | 'afters' | 'befores'>;

/** The tests of idleness and greening want at least this share of a zone seen throughout. */
const LEAST_SEEN = 0.9;

interface FreshLead {
  zone: ZoneRow;
  lead: Lead;
}

/**
 * Puts the zones of projects that were found idle, lost or late into the month's queue, each once however often the
 * month is run, and tells the open patches of zones that stand otherwise now. In the transaction of the run that looked
 * last, which must be finished in it before.
 */
export async function issueLeads(trx: Store['db'], run: LeadRun, now: Date): Promise<{ issued: number; told: number }> {
  const day = lastDayOf(run.month);
  const projects = await watchProjects({ db: trx }, day);
  if (projects.length === 0) return { issued: 0, told: 0 };
  const { fresh, changed } = projectLeads(projects, knownLeads(await toldLeads(trx)));
  await issueFresh(trx, run, await withZones(trx, day, fresh), now);
  for (const { project, known } of changed) {
    const lead = leadOf(project, known.state);
    const { zh, en } = leadWords(lead);
    const payload = { lead, note: `${zh}。${en}.`, runId: run.id };
    const told = { subject: 'patch', id: known.patchId, action: 'project-changed', actor: 'tuban', at: now } as const;
    await transitionIn(trx, { ...told, payload });
  }
  return { issued: fresh.length, told: changed.length };
}

/** What was told to each patch, by the log. */
function knownLeads(told: Awaited<ReturnType<typeof toldLeads>>): KnownLead[] {
  return [...Map.groupBy(told, ({ patchId }) => patchId).entries()].map(([patchId, entries]) => {
    const leads = entries.map(({ payloadJson }) => (JSON.parse(payloadJson) as { lead: Lead }).lead);
    const { layer, zone, asOf, state } = leads.at(-1)!;
    const open = stateOf('patch', entries[0].state).outcome === 'open';
    return { patchId, open, layer, zone, asOf, state, keys: leads.map(({ key }) => key) };
  });
}

async function withZones(db: Store['db'], day: string, fresh: readonly WatchedProject[]): Promise<FreshLead[]> {
  if (fresh.length === 0) return [];
  const name = ({ layer, externalId }: Pick<ZoneRow, 'layer' | 'externalId'>) => `${layer}/${externalId}`;
  const wanted = new Set(fresh.map(name));
  const earlier = lastDayOf(monthBefore(day.slice(0, 7)));
  const stood = await watchProjects({ db }, earlier, projectLayers, (zone) => wanted.has(name(zone)));
  const before = new Map(stood.map((project) => [name(project), project.state]));
  const zones = new Map<number, ZoneRow>();
  const ids = new Set(fresh.map(({ zoneId }) => zoneId));
  for await (const zone of readZones(db, await validVersions(db, day, projectLayers))) {
    if (ids.has(zone.id)) zones.set(zone.id, zone);
  }
  return fresh.map((project) => {
    return { zone: zones.get(project.zoneId)!, lead: leadOf(project, before.get(name(project)) ?? null) };
  });
}

async function issueFresh(trx: Store['db'], run: LeadRun, fresh: readonly FreshLead[], now: Date): Promise<void> {
  const places = fresh.map(({ zone, lead }): ChangedPlace => {
    const onset = { lastUnchanged: lead.since ?? lead.asOf, firstChanged: lead.asOf };
    return { patch: prepareShape(fromWkb(zone.geometry)), type: 'unknown', typeConfidence: 0, onset };
  });
  const issues: Issue[] = [];
  const detections: Insertable<DetectionTable>[] = [];
  const verdicts = new Map<string, Verdict>();
  for await (const ground of surveyGround(trx, lastDayOf(run.month), places)) {
    const { detection, issue } = readyOf(run, fresh[issues.length], ground);
    issues.push(issue);
    detections.push(detection);
    verdicts.set(issue.patchId, verdictOf(run.month, issue));
  }
  const firstMonth = run.month;
  await insertPlaces(
    trx,
    issues.map(({ placeId, district }) => ({ id: placeId, district, firstMonth })),
  );
  await insertDetections(trx, detections);
  await issuePatches(trx, run, issues, verdicts, now);
}

function readyOf(run: LeadRun, { zone, lead }: FreshLead, ground: Ground) {
  const { month } = run;
  const { minLon, minLat, maxLon, maxLat } = zone;
  const box = { minLon, minLat, maxLon, maxLat };
  const placeId = contentId('place', 'project', lead.key);
  const district = ground.district ?? zone.district ?? '000000';
  const geometry = toGeoJson(shapeOf(zone)) as Polygon | MultiPolygon;
  const areaM2 = ground.facts.patch.areaM2;
  const found = { placeId, district, areaM2, type: noChange.code, score: 0 };
  const detectionId = contentId('detection', month, placeId, lead);
  const evidence = { ...latestLooks(run, geometry, box), tblx: noChange.tblx, lead };
  const detection: Insertable<DetectionTable> = {
    ...{ id: detectionId, runId: run.id, month, ...found, typeConfidence: 1, screening: 'lead' },
    ...{ beforeDate: lead.since ?? lead.asOf, afterDate: lead.asOf, observedFraction: LEAST_SEEN },
    evidenceJson: JSON.stringify(evidence),
    geometryJson: JSON.stringify(geometry),
    ...box,
  };
  const { facts, overlaps } = ground;
  const issue: Issue = { ...found, patchId: patchIdOf(month, placeId), detectionId, box, facts, overlaps, lead };
  return { detection, issue };
}

/** The theme of the zone's layer. No opinion: the rules judge what was built or taken, and here nothing was. */
function verdictOf(month: string, { patchId, facts, areaM2, lead }: Issue): Verdict {
  const theme = standardThemes.themes.find(({ zones }) => zones.in.includes(lead!.layer))!;
  const { severity, because } = severityOf({ facts, month }, theme, areaM2);
  const why = { code: `project:${lead!.state}`, grade: null, ...leadWords(lead!) };
  const becauseJson = JSON.stringify([why, ...because]);
  return {
    opinion: null,
    themes: [{ patchId, theme: theme.id, edition: standardThemes.edition, severity, becauseJson }],
  };
}
