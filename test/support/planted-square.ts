import { nextEvent } from '../../services/lifecycle/event.ts';
import { insertDetections, insertPlaces } from '../../services/store/detections.ts';
import { appendEvent } from '../../services/store/events.ts';
import type { Store } from '../../services/store/open.ts';
import { insertPatches } from '../../services/store/patches.ts';
import { beginRun } from '../../services/store/runs.ts';
import { geodesicAreaM2 } from './geodesic.ts';
import { detectionRow, patchRow, runRow } from './rows.ts';

/** A known patch whose outline is a square of 0.001 degrees, found in 2025-06. Gives its id. */
export async function plantedSquare(store: Store, { lon, lat, key }: { lon: number; lat: number; key: string }) {
  const [east, north] = [lon + 0.001, lat + 0.001];
  const ring = [
    [lon, lat],
    [east, lat],
    [east, north],
    [lon, north],
    [lon, lat],
  ];
  const box = { minLon: lon, minLat: lat, maxLon: east, maxLat: north };
  const [placeId, id, detectionId, month, district] = [
    `place-${key}`,
    `patch-${key}`,
    `seen-${key}`,
    '2025-06',
    '430421',
  ];
  const at = new Date('2025-07-01T02:00:00Z');
  const { event, after } = nextEvent({ subject: 'patch', id, action: 'find', actor: 'run', at }, district, null);
  const common = { month, district, areaM2: geodesicAreaM2(ring), type: 'bare', placeId, ...box };
  const geometryJson = JSON.stringify({ type: 'Polygon', coordinates: [ring] });
  await store.db.transaction().execute(async (trx) => {
    const { state: _, ...run } = runRow({ id: 'run', month });
    await beginRun(trx, run);
    await insertPlaces(trx, [{ id: placeId, district, firstMonth: month }]);
    await insertDetections(trx, [detectionRow({ id: detectionId, runId: 'run', ...common, geometryJson })]);
    const { state, version, dueAt, updatedAt } = after;
    const number = `4304212025060${String(Number(key) + 1).padStart(3, '0')}`;
    const row = patchRow({
      id,
      number,
      detectionId,
      ...common,
      state,
      version,
      dueAt,
      updatedAt,
      createdAt: updatedAt,
    });
    await insertPatches(trx, [row]);
    await appendEvent(trx, event);
  });
  return id;
}
