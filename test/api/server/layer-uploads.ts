import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from '@hono/zod-openapi';
import { afterAll, beforeAll, vi } from 'vitest';
import type { layerUpload } from '../../../api/server/layer-schemas.ts';
import { collection, feature, parcelRing } from '../../fixtures/layers.ts';

export type UploadBody = z.infer<typeof layerUpload>;

/** A folder of the test's own in which the service keeps what it keeps for a while. Gives what lies in it now. */
export function ownTemporaryFolder(): { path: (name: string) => string; left: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'tuban-test-'));
  const kept = join(folder, 'kept');
  beforeAll(() => {
    vi.stubEnv('TMPDIR', folder);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  return {
    path: (name) => `${kept}-${name}`,
    left: () => readdirSync(folder).filter((name) => !name.startsWith('kept-')),
  };
}

/** Parcels in a row to the east, with ids P0, P1 …, as GeoJSON. */
export function parcels(count: number): string {
  const one = (i: number) =>
    feature(
      { type: 'Polygon', coordinates: [parcelRing(112.4 + (i % 100) * 0.003, 26.8 + Math.floor(i / 100) * 0.003)] },
      { BSM: `P${i}`, DLBM: '0101', DLMC: '水田' },
    );
  return JSON.stringify(collection(...Array.from({ length: count }, (_, i) => one(i))));
}

export function uploadPath(query: Record<string, string> = {}): string {
  const whole = { layer: 'farmland', validFrom: '2025-01-01', file: 'parcels.geojson', ...query };
  return `/layers?${new URLSearchParams(whole)}`;
}
