import { createHash, createHmac } from 'node:crypto';

export interface SigningKey {
  accessKeyId: string;
  secretAccessKey: string;
  region: string;
  service: string;
}

export interface SignableRequest {
  method: string;
  url: URL;
  /** Every header to be signed, host among them; names in any case. */
  headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex, or 'UNSIGNED-PAYLOAD'. */
  payloadHash: string;
  /** YYYYMMDDTHHMMSSZ, the same as in the x-amz-date header. */
  time: string;
}

/**
 * The Authorization header of AWS Signature Version 4.
 *
 * Source: AWS, "Signature Version 4 signing process"; for S3 the path is encoded once and not normalised.
 */
export function authorization(request: SignableRequest, key: SigningKey): string {
  const headers = inOrder(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const signedHeaders = headers.map(([name]) => name).join(';');
  const scope = `${request.time.slice(0, 8)}/${key.region}/${key.service}/aws4_request`;
  const hash = sha256(canonicalRequest(request, headers, signedHeaders));
  const toSign = ['AWS4-HMAC-SHA256', request.time, scope, hash].join('\n');
  const signature = hmac(signingSecret(key, request.time.slice(0, 8)), toSign).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

function canonicalRequest({ method, url, payloadHash }: SignableRequest, headers: Pair[], signedHeaders: string) {
  const lines = headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}\n`).join('');
  return [method, canonicalPath(url), canonicalQuery(url), lines, signedHeaders, payloadHash].join('\n');
}

function canonicalPath({ pathname }: URL): string {
  return pathname
    .split('/')
    .map((part) => encodeStrictly(decodeURIComponent(part)))
    .join('/');
}

function canonicalQuery({ searchParams }: URL): string {
  return inOrder([...searchParams].map(([name, value]) => [encodeStrictly(name), encodeStrictly(value)]))
    .map((pair) => pair.join('='))
    .join('&');
}

type Pair = [name: string, value: string];

/** By name, then value, in order of code points. */
function inOrder(pairs: Pair[]): Pair[] {
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return pairs.toSorted((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
}

/** Everything but A-Z a-z 0-9 - _ . ~ by percent, as RFC 3986 has it. */
export function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function signingSecret({ secretAccessKey, region, service }: SigningKey, day: string): Buffer {
  return [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`) as Buffer;
}

function hmac(secret: string | Buffer, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
