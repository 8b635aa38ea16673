import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '../../../../api/server/context.ts';
import { openCase } from '../../../../services/lifecycle/case-opening.ts';
import { lonLatBox } from '../../../../services/scenes/scene-record.ts';
import type { StoreLocation } from '../../../../services/store/open.ts';
import { addScene } from '../../../../services/store/scenes.ts';
import { sceneRow } from '../../../support/rows.ts';
import { now, plantQueue, startService } from '../service.ts';
import type { Campaign } from './campaign.ts';

/** Ground of 1 km in the CGCS2000 zone of Hengyang. */
const grid = {
  ...{
    width: 100,
    height: 100,
    crs: 'EPSG:4547',
    originX: 350_000,
    originY: 2_980_000,
    pixelWidth: 10,
    pixelHeight: -10,
  },
};

/** A workspace with something of everything, its four callers, and the names of what lies in it. */
export async function startTarget(
  services: Partial<Services> = {},
  location: StoreLocation = { sqlite: ':memory:' },
): Promise<Omit<Campaign, 'seed' | 'count'> & { close(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'tuban-hostile-'));
  const service = await startService({ simulated: false, home, services, location });
  const { store } = service;
  const patches = await plantQueue(store);
  const numbers = await store.db.selectFrom('patches').select('number').execute();
  const given = { title: '案', district: '430421', patchIds: patches.slice(0, 1), actor: 'desk', at: now };
  const matter = await openCase(store, given);
  await addScene(store.db, sceneRow({ id: 'scene-1', gridJson: JSON.stringify(grid), ...lonLatBox(grid) }));
  const actors = {
    nobody: {},
    viewer: await service.bearer({ role: 'viewer', name: 'viewer' }),
    county: await service.bearer({ role: 'reviewer', name: 'county', district: '430422' }),
    desk: await service.bearer({ role: 'reviewer', name: 'desk' }),
    admin: await service.bearer({ role: 'admin', name: 'admin' }),
  };
  const known = {
    id: [...patches, ...numbers.map(({ number }) => number)],
    'cases.id': [matter.id],
    'runs.id': ['run-2025-06'],
    'stac.id': ['scene-1'],
    'scenes.id': ['scene-1'],
    'layers.id': ['layer-farmland-F1'],
    patches,
    month: ['2025-06'],
    period: ['2025-06', '2025-Q2'],
    district: ['430421', '430422', '4304'],
    layer: ['farmland', 'districts'],
    collection: ['patches', 'cases', 'coverage', 'districts', 'zones-farmland'],
    expectedVersion: ['1', '2'],
    reason: ['other', 'no-change'],
    action: ['warn', 'dismiss', 'close', 'undo', 'assign', 'file', 'pause'],
    side: ['before', 'after'],
    tileMatrixSet: ['WebMercatorQuad'],
    z: ['0', '12', '14', '30', '-1'],
    x: ['0', '3327', '13310', '99999999'],
    y: ['0', '1726', '6905', '99999999'],
  };
  const close = async () => {
    await store.close();
    await rm(home, { recursive: true, force: true });
  };
  return { service, actors, known, close };
}
