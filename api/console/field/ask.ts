import { currentKey } from '../session/key.ts';
import type { Answer, Item } from './item.ts';
import type { Request, Transport } from './sending.ts';

/** The page stands at /console/field; the API two steps up. */
const root = new URL('../', location.href.split(/[?#]/)[0]);

function keyHeader(): Record<string, string> {
  const key = currentKey();
  return key === null ? {} : { Authorization: `Bearer ${key}` };
}

/** Asks the server; null where it is not reached. */
export async function ask(path: string, headers: Record<string, string> = {}): Promise<Response | null> {
  try {
    return await fetch(new URL(path, root), { headers: { ...keyHeader(), ...headers }, cache: 'no-store' });
  } catch {
    return null;
  }
}

/** Sends with a share of what has gone out, which fetch does not tell. */
export function transportWith(onProgress: (item: Item, share: number) => void): Transport {
  return ({ path, headers, body }: Request, item: Item) =>
    new Promise<Answer>((resolve) => {
      const request = new XMLHttpRequest();
      request.open('POST', new URL(path, root));
      request.timeout = 180_000;
      for (const [name, value] of Object.entries({ ...keyHeader(), ...headers })) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(item, total > 0 ? loaded / total : 0);
      const unreached = () => resolve({ status: 0, body: {}, retryAfterS: null });
      request.onerror = unreached;
      request.ontimeout = unreached;
      request.onabort = unreached;
      request.onload = () => resolve(answerOf(request));
      onProgress(item, 0);
      request.send(body);
    });
}

function answerOf(request: XMLHttpRequest): Answer {
  let body: Answer['body'] = {};
  try {
    body = JSON.parse(request.responseText) as Answer['body'];
  } catch {
    // A proxy's own page, say.
  }
  const retryAfter = Number(request.getResponseHeader('Retry-After'));
  return { status: request.status, body, retryAfterS: Number.isFinite(retryAfter) ? retryAfter : null };
}
