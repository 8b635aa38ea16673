import { describe, expect, it } from 'vitest';
import { locate } from '../../../imagery/remote/location.ts';
import type { S3Settings } from '../../../imagery/remote/settings.ts';
import { authorization } from '../../../imagery/remote/sigv4.ts';

/** Keys that AWS publishes with its examples; they open nothing. */
const s3Key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  ...{ region: 'us-east-1', service: 's3' },
};
const suiteKey = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  ...{ region: 'us-east-1', service: 'service' },
};
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function signature(text: string): string {
  return /Signature=(\w+)$/.exec(text)![1];
}

describe("AWS's published examples for S3", () => {
  const time = '20130524T000000Z';
  const common = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-date': time };

  it.each<[string, string, string, Record<string, string>, string, string]>([
    [
      'GET an object by range',
      ...(['GET', '/test.txt', { range: 'bytes=0-9' }, emptyHash] as const),
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT an object whose name has a dollar',
      'PUT',
      '/test$file.text',
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    [
      'GET a parameter without a value',
      ...(['GET', '/?lifecycle', {}, emptyHash] as const),
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'GET a list by parameters',
      ...(['GET', '/?max-keys=2&prefix=J', {}, emptyHash] as const),
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s', (_, method, path, more, payloadHash, expected) => {
    const headers = { ...common, 'x-amz-content-sha256': payloadHash, ...more };
    const url = new URL(path, 'https://examplebucket.s3.amazonaws.com');
    expect(signature(authorization({ method, url, headers, payloadHash, time }, s3Key))).toBe(expected);
  });
});

describe("AWS's test suite", () => {
  it.each([
    ['get-vanilla', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      '/?Param2=value2&Param1=value1',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
  ])('%s', (_, path, expected) => {
    const time = '20150830T123600Z';
    const headers = { Host: 'example.amazonaws.com', 'X-Amz-Date': time };
    const url = new URL(path, 'https://example.amazonaws.com');
    const request = { method: 'GET', url, headers, payloadHash: emptyHash, time };
    expect(authorization(request, suiteKey)).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${expected}`,
    );
  });
});

describe('s3:// addresses', () => {
  const aws: S3Settings = { credentials: null, region: 'eu-west-1', endpoint: null, virtualHosted: null };
  const minio = { ...aws, endpoint: 'http://minio:9000' };

  it.each<[string, S3Settings, string]>([
    ['s3://tiles/2024/a.tif', aws, 'https://tiles.s3.eu-west-1.amazonaws.com/2024/a.tif'],
    ['s3://my.tiles/a.tif', aws, 'https://s3.eu-west-1.amazonaws.com/my.tiles/a.tif'],
    ['s3://tiles/a.tif', { ...aws, virtualHosted: false }, 'https://s3.eu-west-1.amazonaws.com/tiles/a.tif'],
    ['s3://tiles/a.tif', minio, 'http://minio:9000/tiles/a.tif'],
    ['s3://tiles/a.tif', { ...minio, endpoint: 'https://host/base/' }, 'https://host/base/tiles/a.tif'],
    [
      's3://tiles/a.tif',
      { ...aws, endpoint: 'https://oss-cn-hangzhou.aliyuncs.com', virtualHosted: true },
      'https://tiles.oss-cn-hangzhou.aliyuncs.com/a.tif',
    ],
    ['s3://tiles/影像/六月 1%.tif', minio, 'http://minio:9000/tiles/%E5%BD%B1%E5%83%8F/%E5%85%AD%E6%9C%88%201%25.tif'],
  ])('%s', (path, settings, expected) => expect(locate(path, settings).url.href).toBe(expected));

  it.each(['s3://', 's3://tiles', 's3://tiles/', 'https://', 'http://'])('%s is refused', (path) => {
    expect(() => locate(path, aws)).toThrow(/wanted (s3:\/\/bucket\/key|an address such as)/);
  });

  it('are signed with the key that is set, for their own host only', () => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' };
    const { url, sign } = locate('s3://tiles/a.tif', { ...minio, credentials });
    const now = new Date('2024-06-01T00:00:00Z');
    expect(sign('GET', url, now)).toMatchObject({
      'x-amz-date': '20240601T000000Z',
      'x-amz-security-token': 'C',
      Authorization: expect.stringMatching(
        /Credential=A\/20240601\/eu-west-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,/,
      ),
    });
    expect(sign('GET', new URL('https://elsewhere.example/a.tif'), now)).toEqual({});
    expect(locate('s3://tiles/a.tif', minio).sign('GET', url, now)).toEqual({});
  });
});
