import { ImageryError } from '../error.ts';
import type { AddressPolicy } from './address-policy.ts';
import { shownAddress } from './location.ts';
import { failure, refusedBy, request } from './request.ts';

export interface RemoteDocument {
  text: string;
  status: number;
  /** Where it was found after all redirects: its relative addresses start there. */
  address: string;
  /** Who may be asked for what it names. */
  allow: AddressPolicy;
}

export interface DocumentRequest {
  /** A JSON body to be posted; not given: GET. */
  post?: object;
  allow?: AddressPolicy;
  /** Answers of these statuses come back instead of being thrown. */
  accept?: readonly number[];
}

const largestDocumentBytes = 64 * 2 ** 20;

/**
 * A text document (JSON) behind an http://, https:// or s3:// address, whole.
 * @throws ImageryError file-missing, remote-refused, remote-failed
 */
export async function fetchDocument(
  path: string,
  { post, allow, accept = [] }: DocumentRequest = {},
): Promise<RemoteDocument> {
  const json = { Accept: 'application/geo+json, application/json;q=0.9, */*;q=0.1' };
  const answer = await request(path, {
    ...(allow && { allow }),
    ...(post === undefined
      ? { headers: json }
      : { method: 'POST', headers: { ...json, 'Content-Type': 'application/json' }, body: JSON.stringify(post) }),
    bodyLimit: () => largestDocumentBytes,
  });
  if (answer.status !== 200 && !accept.includes(answer.status)) throw refusedBy(path, answer);
  if (answer.isCut) throw failure(path, `wanted at most ${largestDocumentBytes} bytes of text, got more`);
  const coding = answer.headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity')
    throw failure(path, `wanted its text as it is, got it in ${coding}`);
  const { status, url, body } = answer;
  return { text: body.toString('utf8'), status, address: url.href, allow: answer.allow };
}

/** Refuses an address that may not be asked, before anything is built on it. @throws ImageryError remote-refused */
export async function checkMayAsk(path: string, allow: AddressPolicy): Promise<void> {
  const answer = await request(path, { headers: { Range: 'bytes=0-0' }, bodyLimit: () => 1, allow });
  if (answer.status >= 400) throw refusedBy(path, answer);
  if (answer.status >= 300) throw new ImageryError('remote-failed', `${shownAddress(path)}: got ${answer.status}.`);
}
