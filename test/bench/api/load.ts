import autocannon from 'autocannon';

export interface Load {
  /** Requests a second, and how long the slowest hundredth took, ms. */
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers that were not 2xx. */
  failed: number;
}

export interface LoadOptions {
  url: string;
  paths: readonly string[];
  headers: Record<string, string>;
  seconds: number;
  connections: number;
  /** Requests a second at most; as many as go if not given. */
  rate?: number;
}

/** Asks for the paths in turn, over and over. */
export async function load({ url, paths, headers, seconds, connections, rate }: LoadOptions): Promise<Load> {
  const requests = paths.map((path) => ({ method: 'GET' as const, path, headers }));
  const result = await autocannon({
    url,
    requests,
    connections,
    duration: seconds,
    ...(rate && { overallRate: rate }),
  });
  const { non2xx, errors, timeouts, requests: done, latency } = result;
  return { perSecond: done.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors + timeouts };
}
