import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '../../../../api/server/context.ts';
import { openCase } from '../../../../services/lifecycle/case-opening.ts';
import { lonLatBox } from '../../../../services/scenes/scene-record.ts';
import { addScene } from '../../../../services/store/scenes.ts';
import { photo } from '../../../support/photos.ts';
import { runRow, sceneRow } from '../../../support/rows.ts';
import { now, plantQueue, startService, type TestService } from '../service.ts';

const grid = {
  ...{ width: 100, height: 100, crs: 'EPSG:4547', originX: 350_000, originY: 2_980_000 },
  ...{ pixelWidth: 10, pixelHeight: -10 },
};

/** A real workspace with something of everything in the county 430421, and two patches’ worth of a neighbour. */
export interface Target {
  service: TestService;
  /** The county's, that another county must not see. */
  own: { patch: string; number: string; caseId: string; run: string; scene: string; photo: string };
  close(): Promise<void>;
}

export async function startTarget(services: Partial<Services> = {}): Promise<Target> {
  const home = await mkdtemp(join(tmpdir(), 'tuban-owasp-'));
  const service = await startService({ simulated: false, home, services });
  const { store } = service;
  const [patch] = await plantQueue(store);
  const { number } = await store.db
    .selectFrom('patches')
    .select('number')
    .where('id', '=', patch)
    .executeTakeFirstOrThrow();
  const given = { title: '案', district: '430421', patchIds: [patch], actor: 'desk', at: now };
  const caseId = (await openCase(store, given)).id;
  const scene = 'scene-of-430421';
  const placed = { gridJson: JSON.stringify(grid), ...lonLatBox(grid) };
  await addScene(store.db, sceneRow({ id: scene, district: '430421', ...placed }));
  const run = 'run-of-430421';
  await store.db
    .insertInto('runs')
    .values(runRow({ id: run, district: '430421', month: '2025-06' }))
    .execute();
  const headers = { ...(await service.bearer({ name: 'own', district: '430421' })), 'Content-Type': 'image/jpeg' };
  const body = new Uint8Array(await photo(7, { lon: 112.5, lat: 26.9 }));
  const sent = await service.ask(`/patches/${patch}/photos`, { method: 'POST', headers, body });
  const kept = (await sent.json()) as { id: string };
  const close = async () => {
    await store.close();
    await rm(home, { recursive: true, force: true });
  };
  return { service, own: { patch, number, caseId, run, scene, photo: kept.id }, close };
}
