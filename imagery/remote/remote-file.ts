import { ImageryError } from '../error.ts';
import type { AddressPolicy } from './address-policy.ts';
import { BlockCache } from './block-cache.ts';
import type { AnswerHead } from './exchange.ts';
import { shownAddress } from './location.ts';
import { failure, type RemoteAnswer, refusedBy, request } from './request.ts';
import { remoteSettings } from './settings.ts';

/** The state of a file at which it is read; every answer must be of the same one. */
export interface RemoteVersion {
  byteLength: number;
  /** As the server gives it; null where it gives none. */
  etag: string | null;
  lastModified: string | null;
}

const blockBytes = 65_536;
const cacheOptions = { blockBytes, mostTogether: 64, bridge: 2, capacity: 384, lanes: 6 };
/** Byte counts beyond this are not numbers any more. */
const largestFileBytes = Number.MAX_SAFE_INTEGER;

/**
 * A file on another machine, read by range request: its first 64 KiB at once, further blocks as they are wanted.
 * Has the shape of a FileHandle as far as reading goes.
 *
 * What is read is one state of the file: its length and its ETag (else its time of modification) are held to in every
 * request. read() throws ImageryError remote-changed where they do not hold, remote-failed, remote-refused.
 */
export class RemoteFile {
  readonly version: RemoteVersion;
  /** The file's beginning; all of it where it is shorter than a block. */
  readonly head: Buffer;
  readonly #path: string;
  readonly #blocks: BlockCache;
  readonly #allow: AddressPolicy | undefined;
  #url: URL | undefined;

  constructor(path: string, version: RemoteVersion, bytes: Buffer, from: RemoteAnswer, allow?: AddressPolicy) {
    this.#path = path;
    this.version = version;
    this.head = bytes.subarray(0, blockBytes);
    this.#allow = allow;
    this.#url = from.url;
    // A file that was taken whole stays whole.
    const capacity = Math.max(cacheOptions.capacity, Math.ceil(bytes.length / blockBytes));
    this.#blocks = new BlockCache(version.byteLength, (start, end) => this.#fetch(start, end), {
      ...cacheOptions,
      capacity,
    });
    this.#blocks.put(bytes);
  }

  /** Reads up to `length` bytes from `position` into `target`; fewer near the end of the file or of a request. */
  async read(target: Buffer, offset: number, length: number, position: number): Promise<{ bytesRead: number }> {
    return { bytesRead: await this.#blocks.copy(target.subarray(offset, offset + length), position) };
  }

  /** Has ranges fetched that are read in a moment, together instead of one by one. */
  expect(ranges: readonly { offset: number; length: number }[]): void {
    this.#blocks.expect(ranges);
  }

  async close(): Promise<void> {
    this.#blocks.clear();
  }

  async #fetch(from: number, to: number): Promise<Buffer> {
    const { etag, lastModified } = this.version;
    const headers: Record<string, string> = { Range: `bytes=${from}-${to - 1}` };
    if (etag?.startsWith('"')) headers['If-Match'] = etag;
    else if (etag === null && lastModified !== null) headers['If-Unmodified-Since'] = lastModified;
    let answer = await this.#ask(headers, to - from, this.#url);
    if (answer.status >= 400 && answer.status !== 412 && answer.status !== 416 && this.#url !== undefined) {
      // Where it led to once may have been meant for that moment only.
      answer = await this.#ask(headers, to - from, undefined);
    }
    this.#url = answer.url;
    this.#check(answer, from, to);
    return answer.body;
  }

  #ask(headers: Record<string, string>, bytes: number, startAt: URL | undefined): Promise<RemoteAnswer> {
    const bodyLimit = ({ status }: AnswerHead) => (status === 206 ? bytes : 0);
    const allow = this.#allow;
    return request(this.#path, { headers, bodyLimit, ...(allow && { allow }), ...(startAt && { startAt }) });
  }

  #check(answer: RemoteAnswer, from: number, to: number): void {
    const { byteLength, etag, lastModified } = this.version;
    const now = versionOf(answer.headers, byteLength);
    const changed = (what: string) =>
      new ImageryError('remote-changed', `${shownAddress(this.#path)}: was changed while it was read: ${what}.`);
    if (answer.status === 412) throw changed('its server says that it is not the same any more');
    if (answer.status === 416) throw changed(`it has no byte ${from} any more`);
    if (answer.status >= 400) throw refusedBy(this.#path, answer);
    if (!sameTag(now.etag, etag)) throw changed(`wanted ETag ${etag}, got ${now.etag}`);
    if (etag === null && now.lastModified !== lastModified)
      throw changed(`wanted it as of ${lastModified}, got it as of ${now.lastModified}`);
    if (answer.status !== 206)
      throw failure(this.#path, `wanted bytes ${from}-${to - 1} (206), got the answer ${answer.status}`);
    const range = rangeOf(answer.headers);
    if (range !== null && range.byteLength !== byteLength)
      throw changed(`wanted ${byteLength} bytes, got ${range.byteLength}`);
    checkRange(this.#path, answer, { from, to });
  }
}

/**
 * Opens a file behind an http://, https:// or s3:// address. A server that knows no ranges is asked for the whole
 * file if that is small.
 * @param pinned the only version that is wanted
 * @throws ImageryError file-missing, not-a-tiff when empty, remote-refused, remote-failed, remote-changed
 */
export async function openRemoteFile(
  path: string,
  { allow, pinned }: { allow?: AddressPolicy; pinned?: RemoteVersion } = {},
): Promise<RemoteFile> {
  const answer = await request(path, {
    headers: { Range: `bytes=0-${blockBytes - 1}` },
    bodyLimit: (head) => firstLimit(path, head),
    ...(allow && { allow }),
  });
  const version = versionOf(answer.headers, lengthOf(path, answer));
  if (pinned !== undefined && !sameVersion(version, pinned)) {
    const state = ({ byteLength, etag, lastModified }: RemoteVersion) => `${byteLength} bytes, ${etag ?? lastModified}`;
    const what = `wanted ${state(pinned)}, got ${state(version)}`;
    throw new ImageryError('remote-changed', `${shownAddress(path)}: was changed since it was added: ${what}.`);
  }
  return new RemoteFile(path, version, answer.body, answer, allow);
}

/** How much of the first answer is read: one block, or a small file whole. */
function firstLimit(path: string, { status, headers }: AnswerHead): number {
  if (status === 206) return blockBytes;
  const { largestWholeBytes } = remoteSettings();
  const bytes = headers['content-length'] === undefined ? null : Number(headers['content-length']);
  if (bytes !== null && bytes <= largestWholeBytes) return bytes;
  const got = bytes === null ? 'a file of unknown length' : `the whole file of ${bytes} bytes`;
  throw failure(path, `its server knows no range requests: wanted 64 KiB of it (206), got ${got} (${status})`);
}

function lengthOf(path: string, answer: RemoteAnswer): number {
  const { status, headers, body } = answer;
  if (status === 416 && headers['content-range'] === 'bytes */0') return 0;
  if (status >= 400) throw refusedBy(path, answer);
  if (status !== 206) return body.length;
  const byteLength = rangeOf(headers)?.byteLength ?? Number.NaN;
  if (!(byteLength <= largestFileBytes)) throw badRange(path, headers, 'a range of a known length');
  checkRange(path, answer, { from: 0, to: Math.min(blockBytes, byteLength) });
  return byteLength;
}

function checkRange(path: string, { headers, body }: RemoteAnswer, { from, to }: { from: number; to: number }): void {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity')
    throw failure(path, `wanted its bytes as they are, got them in ${coding}`);
  const range = rangeOf(headers);
  if (range?.from !== from || range.to !== to) throw badRange(path, headers, `bytes ${from}-${to - 1}`);
  if (body.length !== to - from) throw failure(path, `wanted ${to - from} bytes, got ${body.length}`);
}

/** Content-Range: bytes from-to/length, `to` made exclusive; null where it is no such thing. */
function rangeOf(headers: AnswerHead['headers']): { from: number; to: number; byteLength: number } | null {
  const match = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/i.exec(headers['content-range'] ?? '');
  return match && { from: Number(match[1]), to: Number(match[2]) + 1, byteLength: Number(match[3]) };
}

function badRange(path: string, headers: AnswerHead['headers'], wanted: string): ImageryError {
  const got = headers['content-range'] ?? headers['content-type'] ?? 'nothing';
  return failure(path, `its server does not keep to the range: wanted ${wanted}, got '${got}'`);
}

function sameVersion(a: RemoteVersion, b: RemoteVersion): boolean {
  const sameState = a.etag === null ? a.lastModified === b.lastModified : true;
  return a.byteLength === b.byteLength && sameTag(a.etag, b.etag) && sameState;
}

/** The mark of a weak tag comes and goes with what stands between. */
function sameTag(a: string | null, b: string | null): boolean {
  return a?.replace(/^W\//, '') === b?.replace(/^W\//, '');
}

function versionOf(headers: AnswerHead['headers'], byteLength: number): RemoteVersion {
  const etag = headers.etag ?? null;
  return { byteLength, etag, lastModified: headers['last-modified'] ?? null };
}
