import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { authorization } from '../../../imagery/remote/sigv4.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdalMissing, groundBands, temporaryFolder } from '../../support/gdal.ts';
import { RangeServer, type ServedRequest } from '../../support/range-server.ts';

const credentials = { accessKeyId: 'reader', secretAccessKey: 'open sesame', sessionToken: null };
const key = '影像/六月 (1)+2%.tif';
const bucket = 'county';
const window = { column: 10, row: 20, width: 280, height: 250 };
const grid = {
  ...{ width: 300, height: 280, crs: 'EPSG:32650' },
  ...{ originX: 500_000, originY: 3_300_000, pixelWidth: 10, pixelHeight: -10 },
};

/** What a service does with a request that is signed: it makes the signature again. */
function isSignedRightly({ method, path, headers }: ServedRequest, region: string): boolean {
  const [, scope, names] =
    /Credential=reader\/([^,]+), ?SignedHeaders=([^,]+),/.exec(headers.authorization ?? '') ?? [];
  if (scope !== `${String(headers['x-amz-date']).slice(0, 8)}/${region}/s3/aws4_request`) return false;
  const signed = Object.fromEntries(names.split(';').map((name) => [name, String(headers[name])]));
  const request = {
    ...{ method, headers: signed, url: new URL(path, `http://${headers.host}`) },
    ...{ payloadHash: String(headers['x-amz-content-sha256']), time: String(headers['x-amz-date']) },
  };
  const wanted = authorization(request, { ...credentials, region, service: 's3' });
  const signature = (text: string) => /Signature=(\w+)/.exec(text)?.[1];
  return signature(headers.authorization ?? '') === signature(wanted);
}

describe('a GeoTIFF in a bucket', () => {
  let server: RangeServer;
  let folder: ReturnType<typeof temporaryFolder>;
  let local: string;
  const path = `s3://${bucket}/${key}`;
  const settings = (region: string, signed = true) => ({
    allow: { privateHosts: 'any' as const },
    s3: { credentials: signed ? credentials : null, region, endpoint: server.url, virtualHosted: null },
    ...{ firstWaitMs: 1, attempts: 2 },
  });
  /** Lets in who has signed for the bucket's region, and tells the others which it is. */
  const guard = (region: string) =>
    server.misbehave((_, response) => {
      if (isSignedRightly(server.requests.at(-1)!, region)) return false;
      response.writeHead(400, { 'x-amz-bucket-region': region }).end();
      return true;
    });

  beforeAll(async () => {
    server = await RangeServer.start();
    folder = temporaryFolder();
    local = folder.path('a.tif');
    await writeTiff(local, grid, groundBands(grid.width, grid.height, 2, 'uint16'), { tileSize: 128 });
    server.put(`/${bucket}/${key}`, readFileSync(local));
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });
  beforeEach(() => server.forget());
  afterEach(() => server.misbehave(null));

  async function read(place: string) {
    const source = await openTiff(place);
    const raster = await source.read(window);
    await source.close();
    return raster;
  }

  it('is read with the key that is set, every request signed', async () => {
    setRemoteSettings(settings('cn-north-1'));
    guard('cn-north-1');
    expect(await read(path)).toEqual(await read(local));
    expect(server.requests.length).toBeGreaterThan(1);
    expect(new Set(server.requests.map(({ path: asked }) => asked))).toEqual(
      new Set([
        `/county/${key
          .split('/')
          .map((part) => encodeURIComponent(part).replace('(1)', '%281%29'))
          .join('/')}`,
      ]),
    );
  });

  it('in another region than the one that is set is asked for there, and from then on at once', async () => {
    setRemoteSettings(settings('us-east-1'));
    guard('cn-northwest-1');
    expect(await read(path)).toEqual(await read(local));
    const turnedAway = server.requests.filter((request) => !isSignedRightly(request, 'cn-northwest-1'));
    expect(turnedAway).toHaveLength(1);
  });

  it('is refused without a key, or with another', async () => {
    setRemoteSettings(settings('cn-northwest-1', false));
    server.misbehave((_, response) => {
      if (isSignedRightly(server.requests.at(-1)!, 'cn-northwest-1')) return false;
      response.writeHead(403).end();
      return true;
    });
    await expect(read(path)).rejects.toMatchObject({
      code: 'remote-refused',
      message: `${path}: its server does not let this program read it (403).`,
    });
    expect(server.requests[0].headers.authorization).toBeUndefined();
  });

  it.skipIf(gdalMissing)('is signed by GDAL as it is here', async () => {
    const environment = {
      ...process.env,
      ...{ AWS_ACCESS_KEY_ID: 'reader', AWS_SECRET_ACCESS_KEY: 'open sesame', AWS_REGION: 'cn-north-1' },
      ...{ AWS_S3_ENDPOINT: new URL(server.url).host, AWS_HTTPS: 'NO', AWS_VIRTUAL_HOSTING: 'FALSE' },
      GDAL_DISABLE_READDIR_ON_OPEN: 'EMPTY_DIR',
    };
    const { stdout } = await promisify(execFile)('gdalinfo', [`/vsis3/${bucket}/${key}`], { env: environment });
    expect(stdout).toContain('Size is 300, 280');
    const signed = server.requests.filter(({ headers }) => headers.authorization !== undefined);
    expect(signed.length).toBeGreaterThan(0);
    for (const request of signed)
      expect([request.path, isSignedRightly(request, 'cn-north-1')]).toEqual([request.path, true]);
  });
});
