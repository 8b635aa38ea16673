import { isIP } from 'node:net';
import type { Context } from 'hono';
import type { ApiEnv } from './context.ts';
import type { Proxies } from './proxies.ts';

export interface Caller {
  /** Of the far end, as far back as our own proxies vouch for it; '' where there is no connection. */
  address: string;
  /** Whether what is sent goes encrypted all the way to us or our proxy. */
  secure: boolean;
  /** Name and port that the server was called by. */
  host: string;
}

/** Who asks, and how. */
export function callerOf(c: Context<ApiEnv>, proxies: Proxies | undefined): Caller {
  const socket = c.env?.incoming?.socket;
  const near = plain(socket?.remoteAddress ?? '');
  const encrypted = (socket as { encrypted?: boolean } | undefined)?.encrypted === true;
  const host = c.req.header('host') ?? new URL(c.req.url).host;
  if (!proxies?.trusts(near)) return { address: near, secure: encrypted, host };
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => plain(hop.trim()));
  // From the near end: the first that is not ours is whom our outermost proxy spoke to; what is left of it is hearsay.
  const far = hops.reverse().find((hop) => !proxies.trusts(hop));
  return {
    address: far !== undefined && isIP(far) !== 0 ? far : near,
    secure: encrypted || last(c.req.header('x-forwarded-proto')) === 'https',
    host: last(c.req.header('x-forwarded-host')) || host,
  };
}

/** Scheme, name and port that the client called us by, as its links to us must say. */
export function originOf(c: Context<ApiEnv>, proxies: Proxies | undefined): string {
  const { host, secure } = callerOf(c, proxies);
  const called = `${secure ? 'https' : 'http'}://${host}`;
  // A name that is none comes from a proxy of ours that is set wrongly: links then lead to itself.
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(called) ? new URL(called).origin : new URL(c.req.url).origin;
}

function last(header: string | undefined): string {
  return header?.split(',').at(-1)?.trim().toLowerCase() ?? '';
}

function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
