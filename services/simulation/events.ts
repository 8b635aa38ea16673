import { addDays } from './calendar.ts';
import { districtCodeAt } from './districts.ts';
import { type EventKind, type EventOrder, eventOrders, planAreaM2, planStages, type StageLook } from './event-kinds.ts';
import { type Footprint, planFootprint } from './footprints.ts';
import { boxesTouch, contains, type Point, type Ring, ringAreaM2, ringBox } from './geometry.ts';
import { samplePoints } from './parcel-index.ts';
import { isFarmland } from './parcels.ts';
import { between, integer, pick, type Random, seeded, shuffled } from './random.ts';
import type { Site } from './site.ts';
import { type Look, lookAt } from './visibility.ts';

export interface EventStage {
  /** First day on which the ground looks like this. */
  from: string;
  tblx: string;
  look: StageLook;
}

/** One thing done to the land, planted with its full truth. */
export interface PlantedEvent {
  id: string;
  kind: EventKind;
  lawful: boolean;
  breach: EventOrder['breach'];
  district: string;
  /** Listed parcels under it; found last, when the place is settled. */
  parcelIds: string[];
  footprint: Footprint;
  onset: string;
  stages: EventStage[];
  /** For each month from the onset's on: could the changed ground be seen? */
  firstVisible: Record<string, Look>;
}

/** What makes one place better than another for an order. */
type Preference = 'hidden' | 'seam' | 'none';

/** A small county gets fewer: more than this and change would be the rule, not the exception. */
const HECTARES_PER_EVENT = 1.5;

/** Plants everything in a county of full size, and a like mixture of less in a small one. */
export function plantEvents(site: Site): PlantedEvent[] {
  const random = seeded(site.seed, 'events');
  const events: PlantedEvent[] = [];
  const slots = monthAndDistrict(site, random);
  ordersFor(site, random).forEach((order, i) => {
    const { month, district } = slots[i % slots.length];
    // The first round of slots hides what it can from the sky; a few later ones lie across tiles.
    const early = i < slots.length && month < site.months.length - 1;
    const preference: Preference = early ? 'hidden' : i % 7 === 3 ? 'seam' : 'none';
    const event = plantOne(site, random, order, month, district, preference, events);
    if (event !== null) events.push(event);
  });
  return events.map((event, i) => ({
    ...event,
    id: `E${String(i + 1).padStart(3, '0')}`,
    parcelIds: parcelsUnder(site, event.footprint.outline),
  }));
}

function ordersFor(site: Site, random: Random): EventOrder[] {
  const { widthM, heightM } = site.landscape.extent;
  const orders = eventOrders();
  const share = Math.min(1, (widthM * heightM) / 10_000 / HECTARES_PER_EVENT / orders.length);
  return [false, true].flatMap((lawful) => {
    const kind = orders.filter((order) => order.lawful === lawful);
    return shuffled(random, kind).slice(0, Math.ceil(kind.length * share));
  });
}

/** Every month in every district, in an order that spreads both. */
function monthAndDistrict(site: Site, random: Random): { month: number; district: string }[] {
  const pairs = site.districts.flatMap(({ code }) => site.months.map((_, month) => ({ month, district: code })));
  return shuffled(random, pairs);
}

function plantOne(
  site: Site,
  random: Random,
  order: EventOrder,
  month: number,
  district: string,
  preference: Preference,
  others: PlantedEvent[],
): PlantedEvent | null {
  let fallback: PlantedEvent | null = null;
  for (let attempt = 0; attempt < 160; attempt++) {
    const spot = pickSpot(site, random, order, district, preference);
    if (spot === null) return fallback;
    const areaM2 = planAreaM2(random, order.kind);
    const footprint = planFootprint(random, order.kind, areaM2, spot.centre, spot.angle);
    if (!fits(site, order, footprint.outline, district, others)) continue;
    const event = describe(site, random, order, month, district, footprint);
    const wanted = preference !== 'hidden' || event.firstVisible[site.months[month]].look !== 'clear';
    if (wanted) return event;
    fallback ??= event;
  }
  return fallback;
}

interface Spot {
  centre: Point;
  angle: number;
}

function pickSpot(
  site: Site,
  random: Random,
  order: EventOrder,
  district: string,
  preference: Preference,
): Spot | null {
  if (order.where === 'red-line') return hillSpot(site, random, district);
  const all = site.farmlandByDistrict.get(district) ?? [];
  const list = preference === 'seam' ? all.filter((parcel) => crossesSeam(site, parcel.ring)) : all;
  if (list.length === 0) return null;
  const parcel = pick(random, list);
  // Towards an edge of the parcel: along the road, not in the middle of the field.
  const corner = pick(random, parcel.ring);
  const lean = preference === 'seam' ? 0 : between(random, 0, 0.5);
  return {
    centre: [
      parcel.centre[0] + (corner[0] - parcel.centre[0]) * lean,
      parcel.centre[1] + (corner[1] - parcel.centre[1]) * lean,
    ],
    angle: parcel.angle + (random() < 0.25 ? Math.PI / 2 : 0),
  };
}

function hillSpot(site: Site, random: Random, district: string): Spot | null {
  for (let attempt = 0; attempt < 60 && site.redLines.length > 0; attempt++) {
    const { ring } = pick(random, site.redLines);
    const box = ringBox(ring);
    const centre: Point = [between(random, box.minX, box.maxX), between(random, box.minY, box.maxY)];
    if (contains(ring, ...centre) && districtCodeAt(site.borders, ...centre) === district) {
      return { centre, angle: between(random, 0, Math.PI) };
    }
  }
  return null;
}

function crossesSeam(site: Site, ring: Ring): boolean {
  const box = ringBox(ring);
  const size = site.tiling.tileSize;
  return (
    Math.floor((box.minX + 8) / size) !== Math.floor((box.maxX - 8) / size) ||
    Math.floor((box.minY + 8) / size) !== Math.floor((box.maxY - 8) / size)
  );
}

const APART_M = 30;
const EDGE_M = 12;

function fits(site: Site, order: EventOrder, outline: Ring, district: string, others: PlantedEvent[]): boolean {
  const box = ringBox(outline);
  const { widthM, heightM } = site.landscape.extent;
  if (box.minX < EDGE_M || box.minY < EDGE_M || box.maxX > widthM - EDGE_M || box.maxY > heightM - EDGE_M) return false;
  if (outline.some(([x, y]) => districtCodeAt(site.borders, x, y) !== district)) return false;
  if (others.some((other) => boxesTouch(ringBox(other.footprint.outline), box, APART_M))) return false;
  const points = samplePoints(outline, 120);
  if (order.where === 'red-line') return redLineHolds(site, points);
  const under = points.map(([x, y]) => site.index.at(x, y));
  const farmland = under.filter((parcel) => parcel?.listed && isFarmland(parcel)).length;
  const other = under.filter((parcel) => parcel !== null && !isFarmland(parcel)).length;
  // Ridges belong to no parcel; more ground than theirs would be a road or a ditch.
  const least = order.kind === 'road' ? 0.8 : ringAreaM2(outline) > 3000 ? 0.88 : 0.94;
  return farmland >= least * points.length && other === 0;
}

function redLineHolds(site: Site, points: Point[]): boolean {
  const inside = points.filter(([x, y]) => site.redLines.some(({ ring }) => contains(ring, x, y))).length;
  return inside >= 0.9 * points.length && points.every(([x, y]) => site.index.at(x, y)?.landClass !== '0702');
}

function describe(
  site: Site,
  random: Random,
  order: EventOrder,
  month: number,
  district: string,
  footprint: Footprint,
): PlantedEvent {
  const plan = planStages(random, order.kind).filter((stage) => month + stage.after < site.months.length);
  const stages = plan.map(({ look, tblx, after }) => ({ from: onsetIn(site, random, month + after), tblx, look }));
  const points = samplePoints(footprint.outline, 400);
  const firstVisible = Object.fromEntries(
    site.months.slice(month).map((name) => [name, lookAt(site.images, name, stages[0].from, points)]),
  );
  return {
    id: '',
    kind: order.kind,
    lawful: order.lawful,
    breach: order.breach,
    district,
    parcelIds: [],
    footprint,
    onset: stages[0].from,
    stages,
    firstVisible,
  };
}

/** A day after the images of the month before and before the images of this one. */
function onsetIn(site: Site, random: Random, month: number): string {
  const { after, before } = site.images.between(site.months[month]);
  const days = Math.round((Date.parse(before) - Date.parse(after)) / 86_400_000);
  return addDays(after, integer(random, 1, days - 1));
}

function parcelsUnder(site: Site, outline: Ring): string[] {
  const under = samplePoints(outline, 400).map(([x, y]) => site.index.at(x, y));
  return [...new Set(under.flatMap((parcel) => (parcel?.listed ? [parcel.id] : [])))].sort();
}
