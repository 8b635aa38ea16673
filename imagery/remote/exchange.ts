import http from 'node:http';
import https from 'node:https';
import { type AddressPolicy, checkLiteralAddress, mayBePrivate, publicLookup } from './address-policy.ts';

export interface ExchangeRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  allow: AddressPolicy;
  timeoutMs: number;
  /** How many bytes of an answer's body are wanted, when its head is known. May throw to refuse it. */
  bodyLimit: (head: AnswerHead) => number;
}

export interface AnswerHead {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Address of the machine that answered. */
  peer: string | undefined;
}

export interface Answer extends AnswerHead {
  body: Buffer;
  /** True when the body went on beyond what was wanted. */
  isCut: boolean;
}

/** What may have passed when it is tried again. */
export class PassingError extends Error {}

/** A server that sends less than this per second is as good as silent. */
const leastBytesPerSecond = 16_384;

/** Kept apart, so that no connection made under one rule is used under the other. */
const agents = {
  guarded: { keepAlive: true, maxSockets: 16, lookup: publicLookup },
  free: { keepAlive: true, maxSockets: 16 },
};
const pools = {
  'http:': { guarded: new http.Agent(agents.guarded), free: new http.Agent(agents.free) },
  'https:': { guarded: new https.Agent(agents.guarded), free: new https.Agent(agents.free) },
};

/**
 * One request and its answer, nothing followed and nothing repeated.
 * @throws PassingError when the connection broke, the body ended early or the server was too slow
 * @throws ImageryError remote-refused when the address may not be asked
 */
export async function exchange(request: ExchangeRequest): Promise<Answer> {
  const { url, method, headers, body, allow, timeoutMs } = request;
  const kind = mayBePrivate(allow, url) ? 'free' : 'guarded';
  if (kind === 'guarded') checkLiteralAddress(url);
  const protocol = url.protocol as 'http:' | 'https:';
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = (protocol === 'https:' ? https : http).request(url, {
    method,
    headers: { 'Accept-Encoding': 'identity', 'User-Agent': 'tuban', ...headers },
    agent: pools[protocol][kind],
  });
  const stop = (reason: string) => () => call.destroy(new PassingError(reason));
  // Begins again with every piece; the second clock is one that no trickle of bytes can turn back.
  const silence = setTimeout(stop(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  let slowness: NodeJS.Timeout | undefined;
  call.on('error', (error) => reject(asPassing(error)));
  call.on('response', (response) => {
    const head = { status: response.statusCode ?? 0, headers: response.headers, peer: response.socket.remoteAddress };
    let limit: number;
    try {
      limit = request.bodyLimit(head);
    } catch (error) {
      reject(error);
      call.destroy();
      return;
    }
    const wholeMs = timeoutMs + (1000 * limit) / leastBytesPerSecond;
    slowness = setTimeout(stop('an answer slower than 16 KiB/s'), Math.min(wholeMs, 2 ** 31 - 1));
    const pieces: Buffer[] = [];
    let received = 0;
    const finish = (isCut: boolean) => {
      resolve({ ...head, body: Buffer.concat(pieces, Math.min(received, limit)), isCut });
      if (isCut) call.destroy();
    };
    response.on('data', (piece: Buffer) => {
      silence.refresh();
      pieces.push(piece);
      received += piece.length;
      if (received > limit) finish(true);
    });
    response.on('end', () => finish(false));
    response.on('error', (error) => reject(asPassing(error)));
    response.on('close', () => {
      if (!response.complete) reject(new PassingError(`an answer that broke off after ${received} bytes`));
    });
  });
  call.on('close', () => {
    clearTimeout(silence);
    clearTimeout(slowness);
  });
  call.end(body);
  return promise;
}

const passingCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function asPassing(error: NodeJS.ErrnoException): Error {
  return passingCodes.has(error.code ?? '') ? new PassingError(reasonOf(error), { cause: error }) : error;
}

/** Node leaves the message of a failed connection to several addresses empty. */
function reasonOf(error: NodeJS.ErrnoException): string {
  return error.message === '' ? `${error.code}` : error.message;
}
