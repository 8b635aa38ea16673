import type { Polygon } from 'geojson';
import { geometryAreaM2 } from '../../imagery/ellipsoid.ts';
import { dayOfYear, type FieldStateName, fieldState } from './calendar.ts';
import type { EventKind } from './event-kinds.ts';
import type { EventStage, PlantedEvent } from './events.ts';
import { lonLatPolygon } from './placement.ts';
import type { CountyPlan } from './plan.ts';
import type { Look } from './visibility.ts';

/** What was planted in a simulated county, to measure against; no detector may read it. */
export interface CountyTruth {
  simulated: true;
  seed: number;
  months: string[];
  events: TruthEvent[];
  /** Lawful changes of farmland the calendar brings, by month: nothing here is a violation. */
  benign: BenignChange[];
}

export interface TruthEvent {
  id: string;
  kind: EventKind;
  /** Change type at the last stage reached. */
  tblx: string;
  /** Covered by an approval older than its onset. */
  lawful: boolean;
  /** An approval exists but came after the onset (before-approval) or covers only part (beyond-approval). */
  breach: 'before-approval' | 'beyond-approval' | null;
  approvalNumber: string | null;
  district: string;
  /** Listed parcels under it; empty on wooded hills. */
  parcelIds: string[];
  /** The changed ground, lon/lat. */
  geometry: Polygon;
  /** On the ellipsoid. */
  areaM2: number;
  /** First day of change. */
  onset: string;
  stages: EventStage[];
  /** First month in which half of it or more could be seen, or null: hidden until the end. */
  firstClearMonth: string | null;
  /** For each month from the first that could show it: what could be seen. */
  firstVisible: Record<string, Look>;
}

/** Parcels that look otherwise than in the month before, for a reason of farming. */
export interface BenignChange {
  month: string;
  from: FieldStateName;
  to: FieldStateName;
  parcelIds: string[];
}

export function countyTruth(plan: CountyPlan): CountyTruth {
  const { seed, months } = plan.site;
  return {
    simulated: true,
    seed,
    months,
    events: plan.events.map((event) => truthOf(plan, event)),
    benign: months.flatMap((month) => benignIn(plan, month)),
  };
}

function truthOf(plan: CountyPlan, event: PlantedEvent): TruthEvent {
  const geometry = lonLatPolygon(event.footprint.outline);
  const clear = Object.entries(event.firstVisible).find(([, { look }]) => look === 'clear');
  return {
    id: event.id,
    kind: event.kind,
    tblx: event.stages.at(-1)!.tblx,
    lawful: event.lawful,
    breach: event.breach,
    approvalNumber: plan.approvals.find(({ eventId }) => eventId === event.id)?.number ?? null,
    district: event.district,
    parcelIds: event.parcelIds,
    geometry,
    areaM2: Math.round(geometryAreaM2(geometry) * 100) / 100,
    onset: event.onset,
    stages: event.stages,
    firstClearMonth: clear?.[0] ?? null,
    firstVisible: event.firstVisible,
  };
}

/** Field states on the image dates of a month and of the month before, where they differ. */
function benignIn(plan: CountyPlan, month: string): BenignChange[] {
  const taken = new Set(plan.events.flatMap((event) => event.parcelIds));
  const earlier = plan.acquisitions.map((image) => image.month).filter((name) => name < month);
  const before = earlier.sort().at(-1)!;
  const groups = new Map<string, BenignChange>();
  for (const parcel of plan.site.parcels) {
    const crops = plan.crops[parcel.index];
    if (crops === null || !parcel.listed || taken.has(parcel.id)) continue;
    const [first, second] = [before, month].map((name) => plan.site.images.imageAt(name, ...parcel.centre));
    if (first === null || second === null) continue;
    const from = fieldState(crops, dayOfYear(first.date)).name;
    const to = fieldState(crops, dayOfYear(second.date)).name;
    if (from === to) continue;
    const group = groups.get(`${from} ${to}`) ?? { month, from, to, parcelIds: [] };
    group.parcelIds.push(parcel.id);
    groups.set(`${from} ${to}`, group);
  }
  return [...groups.values()];
}
