import { crc32, deflateSync } from 'node:zlib';
import { createApp } from '../../../api/server/app.ts';
import type { Chips, Log, Services } from '../../../api/server/context.ts';
import type { Problem } from '../../../api/server/problem.ts';
import { Readiness } from '../../../api/server/readiness.ts';
import { type KeyGrant, mintKey } from '../../../services/access/keys.ts';
import { openStore, type Store, type StoreLocation } from '../../../services/store/open.ts';
import { LayerUploads } from '../../../services/zones/import/uploads.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';

/** The moment at which the tests' requests are made. */
export const now = new Date('2025-07-02T02:00:00Z');

export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Chips that are made from nothing: a grey square, and a triangle as outline. */
export const greyChips: Chips = {
  async picture(_patchId, which, sizePx) {
    return greyPng(sizePx, which === 'before' ? 90 : 160);
  },
  async frame(_patchId, sizePx) {
    const [near, far] = [0.25 * sizePx, 0.75 * sizePx];
    const outline: [number, number][][] = [
      [
        [near, near],
        [far, near],
        [far, far],
        [near, near],
      ],
    ];
    return { width: sizePx, height: sizePx, outline, beforeDate: '2025-05-20', afterDate: '2025-06-18' };
  },
};

export interface TestService {
  store: Store;
  uploads: LayerUploads;
  /** Every address that answers, by method. */
  routes: { method: string; path: string }[];
  /** Asks as a program on this machine would, unless `from` or `init` say otherwise. */
  ask(path: string, init?: RequestInit, from?: { address?: string; host?: string }): Promise<Response>;
  /** A key, as the value of an Authorization header. */
  bearer(grant?: Partial<KeyGrant>): Promise<{ Authorization: string }>;
}

/** The whole service over an empty store in memory, or elsewhere. */
export async function startService(
  options: {
    location?: StoreLocation;
    simulated?: boolean;
    chips?: Chips;
    mostLayerBytes?: number;
    reads?: Services['reads'];
    home?: string;
    proxies?: Services['proxies'];
    limits?: Services['limits'];
    /** Whatever else of the service a test replaces. */
    services?: Partial<Services>;
  } = {},
): Promise<TestService> {
  const store = await openStore(options.location ?? { sqlite: ':memory:' });
  const { simulated = true, chips = greyChips } = options;
  const uploads = new LayerUploads(store, { now: () => now, onFailure: () => {} });
  const { home, mostLayerBytes = 1e8, proxies, limits } = options;
  const readiness = new Readiness(home).serve();
  const about = { name: 'Test county', home, simulated, mostLayerBytes, proxies, limits, readiness };
  const app = createApp({
    ...about,
    store,
    uploads,
    chips,
    reads: options.reads,
    now: () => now,
    log: silent,
    ...options.services,
  });
  return {
    store,
    uploads,
    routes: app.routes,
    async ask(path, init = {}, { address = '127.0.0.1', host = '127.0.0.1:8787' } = {}) {
      const headers = new Headers(init.headers);
      headers.set('Host', host);
      const incoming = { socket: { remoteAddress: address } };
      return app.request(`http://${host}${path}`, { ...init, headers }, { incoming });
    },
    async bearer(grant = {}) {
      const whole: KeyGrant = { name: 'desk', role: 'reviewer', district: '', expiresAt: null, ...grant };
      return { Authorization: `Bearer ${(await mintKey(store, whole, now)).key}` };
    },
  };
}

/** Two districts, a farmland zone and three patches of June 2025: ids in order of number. */
export async function plantQueue(store: Store): Promise<string[]> {
  await plantZone(store, 'districts', '430421', '衡阳县');
  await plantZone(store, 'districts', '430422', '衡南县');
  const zoneId = await plantZone(store, 'farmland', 'F1', '水田');
  const overlaps = [{ zoneId, layer: 'farmland', areaM2: 600 }];
  return [
    await plantPatch(store, { district: '430421', type: 'TD', areaM2: 800, lon: 112.5, lat: 26.9, overlaps }),
    await plantPatch(store, { district: '430421', type: '20', areaM2: 2000, lon: 112.6, lat: 26.8 }),
    await plantPatch(store, { district: '430422', type: 'DT', areaM2: 350, lon: 112.7, lat: 26.7 }),
  ];
}

/** A refusal, read as the problem it must be. */
export async function problemIn(response: Response): Promise<Problem> {
  if (response.headers.get('content-type') !== 'application/problem+json') {
    throw new Error(`problem+json was expected; got ${response.status} ${response.headers.get('content-type')}`);
  }
  const problem = (await response.json()) as Problem;
  if (problem.status !== response.status) throw new Error(`status ${response.status} says ${problem.status} inside`);
  return problem;
}

/** A square 8-bit grey PNG, written by hand so that no picture library is needed here. */
function greyPng(sizePx: number, grey: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sizePx, 0);
  header.writeUInt32BE(sizePx, 4);
  header[8] = 8;
  const rows = Buffer.alloc(sizePx * (sizePx + 1), grey);
  for (let row = 0; row < sizePx; row++) rows[row * (sizePx + 1)] = 0;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.of()),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
