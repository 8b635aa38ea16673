import { appendFile, copyFile, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scene } from '../../../imagery/scene.ts';
import { checkSceneFiles } from '../../../services/scenes/scene-files.ts';
import { addSceneFile } from '../../../services/scenes/scene-record.ts';
import { listRuns } from '../../../services/store/runs.ts';
import { removeScene } from '../../../services/store/scenes.ts';
import { PlantedWorkspace } from '../../support/planted-workspace.ts';

let workspace: PlantedWorkspace;
let before: Scene;
let after: Scene;

beforeAll(async () => {
  workspace = await PlantedWorkspace.create();
  before = await workspace.scene('2024-05-20', { seed: 1 });
  after = await workspace.scene('2024-06-20', { seed: 2 });
});
afterAll(() => workspace.remove());

const check = () => checkSceneFiles(workspace.store, new Set([before.id, after.id]));

describe('files of scenes before a run', () => {
  it('are as they were added, also where they were only touched', async () => {
    await expect(check()).resolves.toBeUndefined();
    await utimes(before.path, new Date(), new Date());
    await expect(check()).resolves.toBeUndefined();
  });

  it('that were changed are named with both hashes, though size and time are the old ones; nothing is begun', async () => {
    const bytes = await readFile(after.path);
    const changed = Buffer.from(bytes);
    changed[changed.length - 9] ^= 1;
    await writeFile(after.path, changed);
    await utimes(after.path, new Date('2024-01-01'), new Date('2024-01-01'));
    const line = `${after.path}: was changed after it was added as scene ${after.id} of 2024-06-20: wanted bytes with sha256 ${after.id}…, got `;
    await expect(workspace.run('2024-06')).rejects.toThrow(line);
    expect(await listRuns(workspace.store.db)).toEqual([]);
    await writeFile(after.path, bytes);
    await expect(check()).resolves.toBeUndefined();
  });

  it('that are missing are named with what to do', async () => {
    const bytes = await readFile(before.path);
    await rm(before.path);
    await expect(workspace.run('2024-06')).rejects.toMatchObject({
      code: 'scene-invalid',
      message: `${before.path}: is missing, and scene ${before.id} of 2024-05-20 was added from it; wanted it back, or added again from where it lies now.`,
    });
    await writeFile(before.path, bytes);
    expect(await workspace.run('2024-06')).toMatchObject({ detections: 0 });
  });

  it('have masks that must not have changed either', async () => {
    const mask = workspace.path('clouds.tif');
    await writeFile(mask, 'clouds');
    const path = workspace.path('masked.tif');
    await copyFile(after.path, path);
    await appendFile(path, 'other bytes');
    const facts = { date: '2024-06-21', sensor: 'planted', mask: { path: mask } };
    const { scene } = await addSceneFile(workspace.store, path, facts, new Date());
    const checkMasked = () => checkSceneFiles(workspace.store, new Set([scene.id]));
    await expect(checkMasked()).resolves.toBeUndefined();
    await writeFile(mask, 'no clouds');
    await expect(checkMasked()).rejects.toThrow(`${mask}: was changed after it was added as scene ${scene.id}`);
    await removeScene(workspace.store.db, scene.id, new Date());
  });

  it('are not read again when nobody touched them since they were added', async () => {
    const { db } = workspace.store;
    await db
      .updateTable('scenes')
      .set({ sha256: 'another'.padEnd(64, '0'), addedAt: '2999-01-01' })
      .execute();
    await expect(check()).resolves.toBeUndefined();
    await db.updateTable('scenes').set({ addedAt: '2000-01-01T00:00:00.000Z' }).execute();
    await expect(check()).rejects.toThrow('was changed after it was added');
  });
});
