import { describe, expect, it } from 'vitest';
import { readRemoteSettings } from '../../api/remote-environment.ts';

const key = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B' };

describe('how other machines are read', () => {
  it('without variables: public buckets of AWS, and private addresses from the command line only', () => {
    const s3 = { credentials: null, region: 'us-east-1', endpoint: null, virtualHosted: null };
    expect(readRemoteSettings(false, {})).toEqual({ allow: { privateHosts: 'any' }, s3 });
    expect(readRemoteSettings(true, {})).toEqual({ allow: { privateHosts: [] }, s3 });
  });

  it('by a service: private addresses of the hosts that are named', () => {
    const { allow } = readRemoteSettings(true, { TUBAN_PRIVATE_HOSTS: ' MinIO:9000, tiles.local ,' });
    expect(allow).toEqual({ privateHosts: ['minio:9000', 'tiles.local'] });
  });

  it.each([
    [key, { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: null }],
    [
      { ...key, AWS_SESSION_TOKEN: 'C' },
      { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' },
    ],
    [{ ...key, AWS_NO_SIGN_REQUEST: 'YES' }, null],
    [{ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }, null],
  ])('with the key of %j', (environment, credentials) => {
    expect(readRemoteSettings(false, environment).s3).toMatchObject({ credentials });
  });

  it.each([
    [{ AWS_REGION: 'cn-north-1', AWS_DEFAULT_REGION: 'x' }, { region: 'cn-north-1' }],
    [{ AWS_DEFAULT_REGION: 'cn-north-1' }, { region: 'cn-north-1' }],
    [{ AWS_ENDPOINT_URL: 'http://minio:9000' }, { endpoint: 'http://minio:9000' }],
    [{ AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_S3: 'https://b/c' }, { endpoint: 'https://b/c' }],
    [{ AWS_VIRTUAL_HOSTING: 'FALSE' }, { virtualHosted: false }],
  ])('by %j', (environment, expected) => {
    expect(readRemoteSettings(false, environment).s3).toMatchObject(expected);
  });

  it.each([
    [{ AWS_ACCESS_KEY_ID: 'secret' }, 'AWS_ACCESS_KEY_ID must be used together with AWS_SECRET_ACCESS_KEY'],
    [{ AWS_SECRET_ACCESS_KEY: 'secret' }, 'AWS_SECRET_ACCESS_KEY must be used together with AWS_ACCESS_KEY_ID'],
    [{ AWS_ENDPOINT_URL: 'https://me:secret@host' }, 'AWS_ENDPOINT_URL must be an address such as https://host:9000'],
    [{ AWS_VIRTUAL_HOSTING: 'secret' }, 'AWS_VIRTUAL_HOSTING must be yes or no'],
  ])('refuses %j without repeating it', (environment, message) => {
    expect(() => readRemoteSettings(false, environment)).toThrow(message);
    expect(() => readRemoteSettings(false, environment)).not.toThrow(/'?secret'?[^_]/);
  });
});
