import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress, mayBePrivate, narrowed, publicOnly } from '../../../imagery/remote/address-policy.ts';
import { openRemoteFile } from '../../../imagery/remote/remote-file.ts';
import { setRemoteSettings } from '../../../imagery/remote/settings.ts';
import { RangeServer } from '../../support/range-server.ts';

describe('an address', () => {
  it.each([
    ...['8.8.8.8', '1.1.1.1', '114.114.114.114', '172.15.255.255', '172.32.0.1', '192.167.1.1', '100.63.0.1'],
    ...['2606:4700:4700::1111', '2400:3200::1', '::ffff:8.8.8.8'],
  ])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ...['127.0.0.1', '127.255.255.254', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['169.254.169.254', '0.0.0.0', '255.255.255.255', '224.0.0.1', '192.0.2.7', '198.18.0.1', '240.0.0.1'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'fd00::1',
      'ff02::1',
      '2001:db8::1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::127.0.0.1', 'localhost', ''],
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a service that reads public addresses only', () => {
  let server: RangeServer;
  beforeAll(async () => {
    server = await RangeServer.start();
    server.put('/a.tif', 'II*\0');
  });
  afterAll(() => server.stop());

  it.each([
    ...['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '0'],
  ])('does not even connect to %s', async (host) => {
    server.forget();
    setRemoteSettings({});
    const port = new URL(server.url).port;
    const error = await openRemoteFile(`http://${host}:${port}/a.tif`).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'remote-refused', message: expect.stringContaining('TUBAN_PRIVATE_HOSTS') });
    expect(server.requests).toHaveLength(0);
  });

  it('does where the host is named, also with its port', async () => {
    const { host } = new URL(server.url);
    for (const privateHosts of ['any', [host], ['127.0.0.1']] as const) {
      setRemoteSettings({ allow: { privateHosts } });
      await expect(openRemoteFile(`${server.url}/a.tif`)).resolves.toBeDefined();
    }
    setRemoteSettings({ allow: { privateHosts: ['127.0.0.1:1'] } });
    await expect(openRemoteFile(`${server.url}/a.tif`)).rejects.toMatchObject({ code: 'remote-refused' });
  });

  it('follows no redirect to what it may not ask itself', async () => {
    setRemoteSettings({ allow: { privateHosts: [new URL(server.url).host] } });
    server.misbehave((_, response) => {
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data/' }).end();
      return true;
    });
    await expect(openRemoteFile(`${server.url}/a.tif`)).rejects.toThrow(/^169\.254\.169\.254: is not asked/);
    server.misbehave(null);
  });
});

describe('what the answer of a machine leads to', () => {
  const anywhere = { privateHosts: 'any' } as const;
  const own = new URL('http://minio:9000/a.tif');

  it('is public where the machine is', () => {
    expect(narrowed(anywhere, '8.8.8.8')).toBe(publicOnly);
    expect(mayBePrivate(narrowed(anywhere, '2606:4700::1'), own)).toBe(false);
  });

  it('may be as before where it is not', () => {
    expect(narrowed(anywhere, '10.0.0.5')).toBe(anywhere);
    expect(mayBePrivate(narrowed(anywhere, '127.0.0.1'), own)).toBe(true);
  });
});
