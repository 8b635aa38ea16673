import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Read } from '../../../services/audit/read-log.ts';
import { verifyBundle } from '../../../services/evidence/verify/verify-bundle.ts';
import { unpacked } from '../../support/bundles.ts';
import { plantQueue, problemIn, startService, type TestService } from './service.ts';

let home: string;
let service: TestService;
let ids: string[];
const noted: Read[] = [];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tuban-evidence-test-'));
  const reads = { record: (read: Read) => void noted.push(read) };
  service = await startService({ simulated: false, home, reads });
  ids = await plantQueue(service.store);
});
afterEach(async () => {
  noted.splice(0);
  await service.store.close();
  await rm(home, { recursive: true, force: true });
});

it('a bundle is had over the API by who may see the patch, asked for in their name, noted, and signed', async () => {
  const headers = await service.bearer({ name: '审计局', district: '430421' });
  const response = await service.ask(`/patches/${ids[0]}/evidence`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/zip');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename="4304212025060001.zip"');
  const path = join(home, 'got.zip');
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.byteLength).toBe(Number(response.headers.get('content-length')));
  await writeFile(path, bytes);
  const { checks } = await verifyBundle(path);
  expect(checks.slice(0, 2)).toMatchObject([
    { name: 'signature', ok: true },
    { name: 'files', ok: true },
  ]);
  const manifest = JSON.parse((await unpacked(path)).get('manifest.json')!.toString());
  expect(manifest).toMatchObject({ askedBy: '审计局', subject: '4304212025060001' });
  expect(noted.map(({ actor, what, patch }) => [actor, what, patch])).toEqual([['审计局', 'evidence', ids[0]]]);
});

it('a patch of another district is not there for the key, and nothing is left behind', async () => {
  const before = (await readdir(tmpdir())).filter((name) => name.startsWith('tuban-evidence-api-'));
  const headers = await service.bearer({ district: '430421' });
  const refused = await problemIn(await service.ask(`/patches/${ids[2]}/evidence`, { headers }));
  expect(refused).toMatchObject({ status: 404 });
  expect((await service.ask(`/patches/${ids[0]}/evidence`)).status).toBe(401);
  const after = (await readdir(tmpdir())).filter((name) => name.startsWith('tuban-evidence-api-'));
  expect(after).toEqual(before);
  expect(noted).toEqual([]);
});
