import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { checkedLookup, type Reach, receiverUrl } from './receiver-address.ts';

export interface Answer {
  status: number;
  /** The header Retry-After as it came. */
  retryAfter: string | null;
}

export interface PostLimits {
  /** Until the connection stands, TLS and all. */
  connectMs: number;
  /** Until the whole answer is here. */
  totalMs: number;
}

const postLimits: PostLimits = { connectMs: 8_000, totalMs: 20_000 };

/** More of an answer than this is not read. */
const MOST_ANSWER_BYTES = 64 * 1024;

/**
 * Posts a body once, on a connection of its own, and waits for the whole answer, of which only status and Retry-After
 * are kept. Redirects are answers like others: they are not followed. Throws where no whole answer came;
 * ServiceError bad-input where the receiver may not be called.
 */
export function post(
  address: string,
  reach: Reach,
  headers: Readonly<Record<string, string>>,
  body: string,
  limits: PostLimits = postLimits,
): Promise<Answer> {
  const url = receiverUrl(address, reach);
  const start = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = start(url, { method: 'POST', agent: false, lookup: checkedLookup(url, reach), headers });
    const late = (what: string, ms: number) =>
      setTimeout(() => request.destroy(new Error(`${what} within ${ms / 1000} s`)), ms);
    const connecting = late('no connection', limits.connectMs);
    const waiting = late('no whole answer', limits.totalMs);
    const end = () => {
      clearTimeout(connecting);
      clearTimeout(waiting);
    };
    request.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
    });
    request.on('error', (error) => {
      end();
      reject(error);
    });
    request.on('response', (response) => {
      const { statusCode = 0, headers: said } = response;
      const answer = { status: statusCode, retryAfter: said['retry-after'] ?? null };
      let bytes = 0;
      const done = () => {
        end();
        resolve(answer);
        request.destroy();
      };
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > MOST_ANSWER_BYTES) done();
      });
      response.on('end', done);
      response.on('error', (error) => {
        end();
        reject(error);
      });
    });
    request.end(body);
  });
}
