import { ImageryError } from '../error.ts';
import type { S3Settings } from './settings.ts';
import { authorization, encodeStrictly } from './sigv4.ts';

/** Where a remote path leads, and what a request there must say. */
export interface RemoteLocation {
  url: URL;
  /** Headers that sign a request for a URL of this location; none where nothing is to be signed. */
  sign: (method: 'GET', url: URL, now: Date) => Record<string, string>;
}

/** True for what is read over the network instead of from disk. */
export function isRemotePath(path: string): boolean {
  return /^(https?|s3):\/\//i.test(path);
}

/** A remote path as messages may show it: what follows '?' is often a signature that lets its bearer in. */
export function shownAddress(path: string): string {
  return path.replace(/[?#].*$/s, '');
}

/** A remote path that may be handed on: without what follows '?' where that lets its bearer in. */
export function publicAddress(path: string): string {
  const isSecret = (name: string) => /sig|token|key|credential|secret|policy|expires|auth/i.test(name);
  const query = URL.canParse(path) ? [...new URL(path).searchParams.keys()] : [];
  return query.some(isSecret) ? shownAddress(path) : path;
}

/** @throws ImageryError remote-refused for an address that is none, or that holds a password */
export function locate(path: string, s3: S3Settings): RemoteLocation {
  if (/^s3:/i.test(path)) return locateInS3(path, s3);
  const url = URL.canParse(path) ? new URL(path) : null;
  if (url === null || url.hostname === '') throw refusal(path, 'wanted an address such as https://host/scene.tif');
  if (url.username !== '' || url.password !== '') {
    throw refusal(`${url.protocol}//${url.host}${url.pathname}`, 'wanted an address without a user name and password');
  }
  url.hash = '';
  return { url, sign: () => ({}) };
}

function locateInS3(path: string, s3: S3Settings): RemoteLocation {
  const [, bucket, key] = /^s3:\/\/([^/?#]+)\/(.+)$/is.exec(path) ?? [];
  if (bucket === undefined) throw refusal(path, 'wanted s3://bucket/key');
  const base = new URL(s3.endpoint ?? `https://s3.${s3.region}.amazonaws.com`);
  // A bucket with dots is not covered by the certificate of its service.
  const virtualHosted = (s3.virtualHosted ?? s3.endpoint === null) && /^[a-z0-9-]{3,63}$/.test(bucket);
  const encoded = key.split('/').map(encodeStrictly).join('/');
  const url = new URL(base);
  if (virtualHosted) url.hostname = `${bucket}.${base.hostname}`;
  url.pathname = `${base.pathname.replace(/\/$/, '')}/${virtualHosted ? '' : `${encodeStrictly(bucket)}/`}${encoded}`;
  return { url, sign: (method, to, now) => (to.host === url.host ? signature(method, to, s3, now) : {}) };
}

function signature(method: string, url: URL, { credentials, region }: S3Settings, now: Date): Record<string, string> {
  if (credentials === null) return {};
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const payloadHash = 'UNSIGNED-PAYLOAD';
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': time,
    ...(credentials.sessionToken !== null && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const key = { ...credentials, region, service: 's3' };
  const Authorization = authorization({ method, url, headers, payloadHash, time }, key);
  return { ...headers, Authorization };
}

function refusal(path: string, wanted: string): ImageryError {
  return new ImageryError('remote-refused', `${shownAddress(path)}: cannot be asked for: ${wanted}.`);
}
