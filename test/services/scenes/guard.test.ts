import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { ImageryError } from '../../../imagery/error.ts';
import { pixelGrid } from '../../../imagery/grid.ts';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { describeScene } from '../../../imagery/scene-file.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { decodeGuarded, describeGuarded, guardLimits } from '../../../services/scenes/guard.ts';
import { temporaryFolder } from '../../support/gdal.ts';

const folder = temporaryFolder();
const servers: Server[] = [];
const usual = { ...guardLimits };
afterEach(() => Object.assign(guardLimits, usual));
afterAll(() => {
  folder.remove();
  for (const server of servers) server.close().closeAllConnections();
});

async function image(name: string, width = 1300, height = 600): Promise<string> {
  const path = folder.path(name);
  const bands = [1, 2].map((band) => Uint16Array.from({ length: width * height }, (_, i) => band * (i % 977)));
  await writeTiff(path, pixelGrid(width, height), bands, { tileSize: 128 });
  return path;
}

/** The address of an image whose server takes the question and never answers. */
async function hanging(): Promise<string> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tif`;
}

describe('a file from outside', () => {
  it('is described in a thread as it is in this one', async () => {
    const path = await image('good.tif');
    expect(await describeGuarded(path, {})).toEqual(await describeScene(path));
  });

  it('is decoded there, all of it or a sample', async () => {
    const scene = await describeScene(await image('decoded.tif'));
    const all = { grid: scene.grid, damage: [], windows: 6 };
    expect(await decodeGuarded(scene, false)).toEqual({ ...all, decoded: 6 });
    const wide = await describeScene(await image('wide.tif', 9000, 600));
    expect(await decodeGuarded(wide, false)).toMatchObject({ windows: 36, decoded: 16 });
    expect(await decodeGuarded(wide, true)).toMatchObject({ windows: 36, decoded: 36, damage: [] });
  });

  it('is refused in the words of its reader', async () => {
    writeFileSync(folder.path('text.tif'), 'no image');
    const refusal = describeGuarded(folder.path('text.tif'), {});
    await expect(refusal).rejects.toBeInstanceOf(ImageryError);
    await expect(refusal).rejects.toMatchObject({ code: 'not-an-image' });
  });

  it('that hangs is given up, by name, and the next one is looked at', async () => {
    setRemoteSettings({ allow: { privateHosts: 'any' } });
    guardLimits.remoteStepMs = 500;
    const path = await hanging();
    await expect(describeGuarded(path, {})).rejects.toMatchObject({
      name: 'ImageryError',
      code: 'image-damaged',
      message: `${path}: cannot be read: reading it took longer than 0.5 s and was stopped.`,
    });
    expect(await describeGuarded(await image('next.tif'), {})).toMatchObject({ bandCount: 2 });
  });
});
