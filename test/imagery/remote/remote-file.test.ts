import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import type { Grid, Window } from '../../../imagery/grid.ts';
import { remoteIdentity } from '../../../imagery/remote/identity.ts';
import { openRemoteFile } from '../../../imagery/remote/remote-file.ts';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { openTiff } from '../../../imagery/tiff/reader.ts';
import { writeTiff } from '../../../imagery/tiff/writer.ts';
import { gdal, gdalMissing, groundBands, temporaryFolder } from '../../support/gdal.ts';
import { type Fault, RangeServer } from '../../support/range-server.ts';

const grid: Grid = {
  ...{ width: 1500, height: 1300, crs: 'EPSG:32650' },
  ...{ originX: 500_000, originY: 3_300_000, pixelWidth: 10, pixelHeight: -10 },
};
const quick = { allow: { privateHosts: 'any' }, timeoutMs: 300, firstWaitMs: 5 } as const;

let server: RangeServer;
let folder: ReturnType<typeof temporaryFolder>;
let local: string;
let remote: string;
let bytes: Buffer;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await RangeServer.start();
  local = folder.path('scene.tif');
  await writeTiff(local, grid, groundBands(grid.width, grid.height, 4, 'uint16'), { tileSize: 256, nodata: 0 });
  bytes = readFileSync(local);
  remote = server.put('/scene.tif', bytes);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});
beforeEach(() => {
  setRemoteSettings(quick);
  server.put('/scene.tif', bytes);
  server.forget();
});
afterEach(() => server.misbehave(null));

async function readWindowOf(path: string, window: Window) {
  const source = await openTiff(path);
  try {
    return await source.read(window);
  } finally {
    await source.close();
  }
}

const corner = { column: 1020, row: 700, width: 300, height: 200 };

describe('a GeoTIFF behind HTTP', () => {
  test('is read sample for sample as the local file', async () => {
    const whole = { column: -3, row: -2, width: grid.width + 10, height: grid.height + 9 };
    const [near, far] = [await readWindowOf(local, whole), await readWindowOf(remote, whole)];
    expect(far).toEqual(near);
    expect(far.mask.some((observed) => observed === 1)).toBe(true);
  });

  test('costs a few requests and a fraction of its bytes where a window is read', async () => {
    expect(await readWindowOf(remote, corner)).toEqual(await readWindowOf(local, corner));
    expect(server.bodyBytesSent).toBeLessThan(0.3 * bytes.length);
    // Four tiles in two rows of the file, and the beginning.
    expect(server.requests.length).toBeLessThanOrEqual(4);
  });

  test('asks for neighbouring tiles together', async () => {
    await readWindowOf(remote, { column: 0, row: 0, width: 1024, height: 200 });
    expect(server.requests).toHaveLength(2);
  });

  test('asks for all tiles of a large window in a handful of requests', async () => {
    const whole = { column: 0, row: 0, width: grid.width, height: grid.height };
    await readWindowOf(remote, whole);
    // 4 MiB at most each, and the beginning.
    expect(server.requests.length).toBeLessThanOrEqual(2 + Math.ceil(bytes.length / 2 ** 22));
    expect(server.bodyBytesSent).toBeLessThanOrEqual(bytes.length);
  });

  test('is not asked twice for what is there', async () => {
    const source = await openTiff(remote);
    await source.read(corner);
    const asked = server.requests.length;
    await source.read(corner);
    expect(server.requests).toHaveLength(asked);
    await source.close();
  });

  test('is held to its ETag in every request but the first', async () => {
    await readWindowOf(remote, corner);
    const tags = server.requests.map(({ headers }) => headers['if-match']);
    expect(tags[0]).toBeUndefined();
    expect(new Set(tags.slice(1)).size).toBe(1);
    expect(tags[1]).toMatch(/^"[0-9a-f]{32}"$/);
  });

  test.skipIf(gdalMissing)('is served here as GDAL, too, wants it served', async () => {
    const copy = folder.path('by-gdal.tif');
    const window = ['-srcwin', '1020', '700', '300', '200'];
    // Not in this process: the server must be free to answer while GDAL asks.
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    await promisify(execFile)('gdal_translate', ['-q', ...window, `/vsicurl/${remote}`, copy]);
    const { bands } = await readWindowOf(copy, { column: 0, row: 0, width: 300, height: 200 });
    expect((await readWindowOf(remote, corner)).bands).toEqual(bands);
    expect(gdal('gdalinfo', copy)).toContain('Size is 300, 200');
  });
});

const always =
  (fault: (...args: Parameters<Fault>) => void): Fault =>
  (...args) => {
    fault(...args);
    return true;
  };

describe('what passes is tried again', () => {
  test.each<[string, Fault]>([
    ['503 twice', (_, response, count) => count <= 2 && !!response.writeHead(503, { 'Retry-After': '0' }).end()],
    ['429 once', (_, response, count) => count === 1 && !!response.writeHead(429).end()],
    ['a connection that breaks', (request, _, count) => count % 3 === 1 && !!request.socket.destroy()],
    [
      'a body that breaks off',
      (_, response, count) => {
        if (count !== 2) return false;
        response.writeHead(206, { 'Content-Length': 65536, 'Content-Range': `bytes 0-65535/${bytes.length}` });
        response.write('half');
        setTimeout(() => response.destroy(), 10);
        return true;
      },
    ],
    ['silence', (_request, _response, count) => count === 2],
  ])('%s', async (_, fault) => {
    const expected = await readWindowOf(local, corner);
    server.misbehave(fault);
    expect(await readWindowOf(remote, corner)).toEqual(expected);
  });
});

describe('what does not pass is an error of one line that names the file', () => {
  const partial = (range: string) => ({ 'Content-Range': range, 'Content-Length': 65536, ETag: '"x"' });

  test.each<[string, Fault, string, RegExp]>([
    [
      '503 for ever',
      always((_, r) => r.writeHead(503).end()),
      'remote-failed',
      /the answer 503, the last of 4 attempts/,
    ],
    ['404', always((_, r) => r.writeHead(404).end()), 'file-missing', /is not there \(404\)/],
    ['403', always((_, r) => r.writeHead(403).end()), 'remote-refused', /does not let this program read it \(403\)/],
    [
      'no ranges and a large file',
      always((_, r) => r.writeHead(200, { 'Content-Length': 99_000_000 }).write('II*\0')),
      'remote-failed',
      /knows no range requests: wanted 64 KiB of it \(206\), got the whole file of 99000000 bytes/,
    ],
    [
      'no ranges and no length',
      always((_, r) => r.writeHead(200).end('II*\0')),
      'remote-failed',
      /knows no range requests: .* a file of unknown length/,
    ],
    [
      'another range than asked for',
      always((_, r) => r.writeHead(206, partial(`bytes 1-65536/${bytes?.length}`)).end(Buffer.alloc(65536))),
      'remote-failed',
      /does not keep to the range: wanted bytes 0-65535, got 'bytes 1-65536/,
    ],
    [
      'a range of unknown length',
      always((_, r) => r.writeHead(206, partial('bytes 0-65535/*')).end(Buffer.alloc(65536))),
      'remote-failed',
      /wanted a range of a known length/,
    ],
    [
      'several ranges at once',
      always((_, r) => r.writeHead(206, { 'Content-Type': 'multipart/byteranges; boundary=x' }).end('--x')),
      'remote-failed',
      /got 'multipart\/byteranges; boundary=x'/,
    ],
    [
      'fewer bytes than announced by the range',
      always((_, r) => r.writeHead(206, { 'Content-Range': 'bytes 0-65535/900000' }).end(Buffer.alloc(100))),
      'remote-failed',
      /wanted 65536 bytes, got 100/,
    ],
    [
      'a content coding',
      always((_, r) =>
        r.writeHead(206, { ...partial('bytes 0-65535/900000'), 'Content-Encoding': 'gzip' }).end(Buffer.alloc(65536)),
      ),
      'remote-failed',
      /wanted its bytes as they are, got them in gzip/,
    ],
    ['silence for ever', always(() => {}), 'remote-failed', /no answer within 0.3 s, the last of 4 attempts/],
    [
      'redirects in a ring',
      always((q, r) => r.writeHead(302, { Location: q.url === '/a' ? '/scene.tif' : '/a' }).end()),
      'remote-refused',
      /redirects more than 5 times/,
    ],
    [
      'a redirect to a file',
      always((_, r) => r.writeHead(302, { Location: 'file:///a' }).end()),
      'remote-refused',
      /no http/,
    ],
    ['no HTTP at all', always((q) => q.socket.end('SSH-2.0-OpenSSH\r\n')), 'remote-failed', /cannot be read/],
    [
      'an HTML page',
      always((_, r) => r.writeHead(200, { 'Content-Length': 15 }).end('<!doctype html>')),
      'not-a-tiff',
      /an HTML page/,
    ],
    [
      'an empty file',
      always((_, r) => r.writeHead(416, { 'Content-Range': 'bytes */0' }).end()),
      'not-a-tiff',
      /empty file/,
    ],
  ])('%s', async (_, fault, code, message) => {
    server.misbehave(fault);
    const error = await openTiff(`${remote}?signature=secret`).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'ImageryError', code });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scene\.tif: [^\n]*\.$/);
    expect((error as Error).message).not.toContain('secret');
  });

  test('a trickle that keeps the connection busy', { timeout: 20_000 }, async () => {
    setRemoteSettings({ ...quick, timeoutMs: 200, attempts: 1 });
    server.misbehave((_, response) => {
      response.writeHead(206, { 'Content-Range': `bytes 0-65535/${bytes.length}`, 'Content-Length': 65536 });
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(drip));
      return true;
    });
    const startedAt = performance.now();
    await expect(openTiff(remote)).rejects.toThrow('an answer slower than 16 KiB/s');
    expect(performance.now() - startedAt).toBeLessThan(6000);
  });

  test('a host that is not there', async () => {
    await expect(openTiff('http://127.0.0.1:9/scene.tif')).rejects.toThrow(/ECONNREFUSED.*the last of 4 attempts/);
  });

  test('a password in the address, which is not repeated', async () => {
    const error = await openTiff('https://me:secret@host.example/scene.tif').catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'remote-refused' });
    expect((error as Error).message).not.toContain('secret');
  });
});

describe('a file that changes while it is read', () => {
  test('is refused by the server that is held to its ETag', async () => {
    const source = await openTiff(remote);
    server.put('/scene.tif', Buffer.concat([bytes, Buffer.of(0)]));
    await expect(source.read(corner)).rejects.toMatchObject({ code: 'remote-changed' });
    await source.close();
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['its ETag', { ETag: '"other"' }, /wanted ETag "[0-9a-f]{32}", got "other"/],
    ['its length', {}, /wanted \d+ bytes, got 1000000/],
  ])('is noticed by %s where the server does not heed If-Match', async (_, headers, message) => {
    const tag = (await openRemoteFile(remote)).version.etag!;
    const source = await openTiff(remote);
    server.misbehave((request, response) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range!)!;
      const range = { 'Content-Range': `bytes ${from}-${to}/1000000`, 'Content-Length': Number(to) - Number(from) + 1 };
      response.writeHead(206, { ETag: tag, ...range, ...headers }).end(Buffer.alloc(Number(to) - Number(from) + 1));
      return true;
    });
    await expect(source.read(corner)).rejects.toMatchObject({ code: 'remote-changed' });
    await expect(source.read(corner)).rejects.toThrow(message);
    await source.close();
  });

  test('is not opened again under the version it was added with', async () => {
    const { version } = await openRemoteFile(remote);
    await expect(openRemoteFile(remote, { pinned: version })).resolves.toMatchObject({ version });
    server.put('/scene.tif', Buffer.concat([bytes, Buffer.of(0)]));
    await expect(openRemoteFile(remote, { pinned: version })).rejects.toMatchObject({ code: 'remote-changed' });
  });
});

describe('a redirect', () => {
  test('is followed once, and its end remembered', async () => {
    server.misbehave((request, response) => {
      if (!request.url!.startsWith('/old')) return false;
      response.writeHead(302, { Location: '/scene.tif' }).end();
      return true;
    });
    expect(await readWindowOf(`${server.url}/old.tif`, corner)).toEqual(await readWindowOf(local, corner));
    expect(server.requests.filter(({ path }) => path === '/old.tif')).toHaveLength(1);
  });

  test('whose end has run out is followed again', async () => {
    let ticket = 0;
    server.misbehave((request, response) => {
      if (request.url!.startsWith('/old')) {
        response.writeHead(302, { Location: `/scene.tif?ticket=${++ticket}` }).end();
        return true;
      }
      if (ticket > 1 || server.requests.length <= 2) return false;
      response.writeHead(403).end();
      return true;
    });
    expect(await readWindowOf(`${server.url}/old.tif`, corner)).toEqual(await readWindowOf(local, corner));
    // Both requests that were under way ran into it.
    expect(ticket).toBeLessThanOrEqual(3);
  });
});

describe('a small file of a server without ranges', () => {
  it('is taken whole', async () => {
    server.misbehave(always((_, r) => r.writeHead(200, { 'Content-Length': bytes.length, ETag: '"1"' }).end(bytes)));
    expect(await readWindowOf(remote, corner)).toEqual(await readWindowOf(local, corner));
    expect(server.requests).toHaveLength(1);
  });
});

describe('the identity of a remote file', () => {
  it('is the hash of its bytes where they are all there', async () => {
    const address = server.put('/small.bin', 'abc');
    expect(await remoteIdentity(address)).toMatchObject({
      of: 'bytes',
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    });
  });

  it('else stands for address, length, ETag and beginning, and says so', async () => {
    const { sha256, of } = await remoteIdentity(remote);
    expect(of).toBe('version');
    expect(await remoteIdentity(`${remote}?X-Amz-Signature=1`)).toMatchObject({ sha256 });
    expect(server.bodyBytesSent).toBe(2 * 65_536);
    const longer = Buffer.concat([bytes, Buffer.of(0)]);
    server.put('/scene.tif', longer);
    expect((await remoteIdentity(remote)).sha256).not.toBe(sha256);
    server.put('/copy.tif', bytes);
    expect((await remoteIdentity(`${server.url}/copy.tif`)).sha256).not.toBe(sha256);
  });

  it('is refused where a change would pass unnoticed', async () => {
    const range = { 'Content-Range': 'bytes 0-65535/900000', 'Content-Length': 65536 };
    server.misbehave(always((_, r) => r.writeHead(206, range).end(Buffer.alloc(65536))));
    await expect(remoteIdentity(remote)).rejects.toThrow(/wanted an ETag or Last-Modified/);
  });
});
