import type { MultiPolygon, Polygon } from 'geojson';
import { type Evidence, runsOfEvidence } from '../month/evidence.ts';
import type { TruthEvent } from '../simulation/truth.ts';
import { detectionsUpTo } from '../store/detections.ts';
import type { Store } from '../store/open.ts';
import { overlayRuns } from '../zones/overlay/overlay.ts';

/** Found against planted, for one district or all, up to and in one month. Simulated ground only. */
export interface PlantedFigures {
  /** Planted changes first clearly visible this month. */
  visible: number;
  /** Those of them with a patch in the queue by now. */
  found: number;
  /** Those seen, but held back by a screening rule. */
  heldBack: number;
  /** Patches issued this month that lie on no planted change. */
  falseAlarms: number;
  issued: number;
}

/** A patch hits a planted change when it covers this share of it, or lies in it by this share. */
const hitShareOfEvent = 0.3;
const hitShareOfPatch = 0.5;

interface Seen {
  id: string;
  month: string;
  district: string;
  areaM2: number;
  screening: string;
  /** Planted changes it hits. */
  hits: Set<string>;
}

/** Figures by district code, and under '' for all together. */
export async function plantedFigures(
  store: Store,
  month: string,
  events: readonly TruthEvent[],
): Promise<Map<string, PlantedFigures>> {
  const seen = await seenUpTo(store, month, events);
  const queued = new Set(seen.filter(inQueue).flatMap(({ hits }) => [...hits]));
  const noticed = new Set(seen.flatMap(({ hits }) => [...hits]));
  const due = events.filter((event) => event.firstClearMonth === month);
  const issued = seen.filter((each) => each.month === month && each.screening === 'issued');
  const figures = (within: (district: string) => boolean): PlantedFigures => {
    const mine = due.filter(({ district }) => within(district));
    const alarms = issued.filter(({ district }) => within(district));
    return {
      visible: mine.length,
      found: mine.filter(({ id }) => queued.has(id)).length,
      heldBack: mine.filter(({ id }) => !queued.has(id) && noticed.has(id)).length,
      falseAlarms: alarms.filter(({ hits }) => hits.size === 0).length,
      issued: alarms.length,
    };
  };
  const codes = [...new Set([...events, ...seen].map(({ district }) => district))].sort();
  const rows = codes.map((code) => [code, figures((district) => district === code)] as const);
  return new Map([...rows, ['', figures(() => true)]]);
}

function inQueue({ screening }: Seen): boolean {
  return screening === 'issued' || screening === 'known-place';
}

async function seenUpTo(store: Store, month: string, events: readonly TruthEvent[]): Promise<Seen[]> {
  const zones = events.map(({ id, geometry }) => ({ id, geometry: geometry as Polygon | MultiPolygon }));
  const areaOf = new Map(events.map((event) => [event.id, event.areaM2]));
  return (await detectionsUpTo(store.db, month)).map((detection) => {
    const { runs, grid } = JSON.parse(detection.evidenceJson) as Evidence;
    const hits = overlayRuns(runsOfEvidence(runs), grid, zones).filter(
      ({ zoneId, areaM2 }) =>
        areaM2 >= hitShareOfEvent * (areaOf.get(zoneId) ?? 0) || areaM2 >= hitShareOfPatch * detection.areaM2,
    );
    const { id, month, district, areaM2, screening } = detection;
    return { id, month, district, areaM2, screening, hits: new Set(hits.map(({ zoneId }) => zoneId)) };
  });
}
