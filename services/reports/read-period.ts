import type { LonLatBox } from '../../imagery/grid.ts';
import { outcomeOf } from '../cycle/figures.ts';
import type { MonthRow } from '../cycle/month-row.ts';
import { type DeadlineCounts, listDeadlines } from '../deadlines/list.ts';
import { type FirstFinder, firstFinders } from '../field/clues/first-finder.ts';
import type { FloorGauge } from '../gauges/floor-gauge.ts';
import type { GaugeRow } from '../gauges/gauge-row.ts';
import { type EnteredInput, inBaseUnit } from '../gauges/inputs.ts';
import { floorsOf } from '../gauges/read-gauges.ts';
import { stateNames } from '../lifecycle/transitions.ts';
import { lastDayOf } from '../month/calendar-month.ts';
import { listClues, sightings } from '../store/field-clues.ts';
import { latestGaugeInputs } from '../store/gauge-inputs.ts';
import { monthsReported } from '../store/gauge-rows.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Store } from '../store/open.ts';
import { latestEvents, plansOfRuns, seenPatches } from '../store/report-rows.ts';
import { stoppingEvents } from '../store/stopping.ts';
import { listZones } from '../store/zones.ts';
import type { ImageryFacts } from './facts.ts';
import { isOriginal } from './headline.ts';
import { readImagery } from './imagery.ts';
import { landOf } from './last-year.ts';
import { type PeriodRow, readPeriodRows } from './period-rows.ts';
import type { Reviewed } from './precision.ts';

/** All that reports of a span of months, or of a part of it up to its end, are drawn from. */
export interface ReadPeriod {
  from: string;
  to: string;
  at: Date;
  names: ReadonlyMap<string, string>;
  rows: PeriodRow[];
  /** By patch id; of the months from the year's beginning or before. */
  land: ReadonlyMap<string, GaugeRow>;
  floors: FloorGauge[];
  inputs: EnteredInput[];
  deadlines: DeadlineCounts[];
  imagery: ImageryFacts[];
  reviewed: Reviewed;
  /** Cause code given at the closing of each patch that was cleared; '' = none given. */
  causes: ReadonlyMap<string, string>;
  ledger: FirstFinder[];
}

export async function readPeriod(store: Store, span: { from: string; to: string }, at: Date): Promise<ReadPeriod> {
  const { db } = store;
  const { from, to } = span;
  const rows = await readPeriodRows(db, from, to, at);
  const year = to.slice(0, 4);
  const yearBefore = `${Number(year) - 1}-01`;
  const land = await landOf(store, rows, to, yearBefore < from ? yearBefore : from);
  const inputs = (await latestGaugeInputs(db, year)).map(
    (input): EnteredInput => ({ ...input, value: inBaseUnit(input.value, input.unit) }),
  );
  const known = (await monthsReported(db)) ?? { from: to, to };
  return {
    ...{ from, to, at, rows, land, inputs },
    names: await districtNames(db),
    floors: floorsOf([...land.values()], inputs, year, known).floors,
    deadlines: (await listDeadlines(store, { at, grades: [] })).districts,
    imagery: await readImagery(db, span, await countyBoxes(store, rows, to), at),
    reviewed: await readReviewed(store, rows),
    causes: await readCauses(store, rows),
    ledger: firstFinders(await sightings(db), await listClues(db), await stoppingEvents(db)),
  };
}

/** Counties that the districts layer names, and those with patches but no outline. */
async function countyBoxes(store: Store, rows: readonly PeriodRow[], to: string): Promise<Map<string, LonLatBox>> {
  const boxes = new Map<string, LonLatBox>();
  const nowhere = { minLon: 0, minLat: 0, maxLon: 0, maxLat: 0 };
  for (const { district } of rows) boxes.set(district.slice(0, 6), nowhere);
  for (const zone of await listZones(store.db, { date: lastDayOf(to), layers: ['districts'] })) {
    const code = zone.externalId.slice(0, 6);
    if (code.length < 6) continue;
    const known = boxes.get(code);
    const box = known === undefined || known === nowhere ? zone : known;
    boxes.set(code, {
      minLon: Math.min(box.minLon, zone.minLon),
      minLat: Math.min(box.minLat, zone.minLat),
      maxLon: Math.max(box.maxLon, zone.maxLon),
      maxLat: Math.max(box.maxLat, zone.maxLat),
    });
  }
  return boxes;
}

export async function readReviewed({ db }: Pick<Store, 'db'>, rows: readonly MonthRow[]): Promise<Reviewed> {
  const roots = rows.filter(isOriginal).map(({ patchId }) => patchId);
  const dismissed = rows.filter((row) => outcomeOf(row) === 'dismissed').map(({ patchId }) => patchId);
  const toStates = stateNames('patch', { outcome: 'dismissed' });
  const seen = await seenPatches(db, roots);
  const plans = await plansOfRuns(db, [...new Set([...seen.values()].map(({ runId }) => runId))]);
  const detectors = new Map<string, string>();
  for (const [runId, planJson] of plans) {
    const { detectorVersion } = JSON.parse(planJson) as { detectorVersion?: string };
    if (detectorVersion !== undefined) detectors.set(runId, detectorVersion);
  }
  const ends = await latestEvents(db, dismissed, { toStates });
  return { seen, detectors, reasons: new Map([...ends].map(([id, { reason }]) => [id, reason])) };
}

async function readCauses({ db }: Store, rows: readonly PeriodRow[]): Promise<Map<string, string>> {
  const cleared = rows.filter((row) => row.cleared).map(({ patchId }) => patchId);
  const closings = await latestEvents(db, cleared, { action: 'resolve' });
  return new Map(
    cleared.map((id) => {
      const { cause } = JSON.parse(closings.get(id)?.payloadJson ?? '{}') as { cause?: unknown };
      return [id, typeof cause === 'string' ? cause : ''];
    }),
  );
}
