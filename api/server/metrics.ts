import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What of a request is counted. `route`: its template, never the path, or the series would have no end. */
export interface Served {
  method: string;
  route: string;
  status: number;
  seconds: number;
  bytes: number | null;
  rows: number | null;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** From a cached answer to a long poll. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What happens in this process, counted for Prometheus; a registry of its own for every server. */
export class Metrics {
  readonly registry = new Registry();
  readonly #inFlight: Gauge;
  readonly #seconds: Histogram<'method' | 'route' | 'status'>;
  readonly #bytes: Counter<'route'>;
  readonly #rows: Counter<'route'>;
  readonly #logIns: Counter<'reason'>;
  readonly #limited: Counter<'by'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    const http = (name: string) => `tuban_http_${name}`;
    this.#inFlight = new Gauge({ name: http('requests_in_flight'), help: 'Requests being answered', registers });
    this.#seconds = new Histogram({
      name: http('request_duration_seconds'),
      help: 'From the request’s head to the answer’s last byte',
      ...{ labelNames: ['method', 'route', 'status'], buckets, registers },
    });
    const ofRoute = { labelNames: ['route'], registers } as const;
    this.#bytes = new Counter({ name: http('response_bytes_total'), help: 'Sent in answers, heads too', ...ofRoute });
    this.#rows = new Counter({ name: 'tuban_rows_read_total', help: 'Rows of the workspace given out', ...ofRoute });
    this.#logIns = new Counter({
      ...{ name: 'tuban_logins_refused_total', help: 'Log-ins refused', labelNames: ['reason'], registers },
    });
    this.#limited = new Counter({
      name: 'tuban_rate_limit_refusals_total',
      help: 'Requests refused since too many came: of an address that did not show who asks, or of one caller',
      ...{ labelNames: ['by'], registers },
    });
    for (const reason of ['password', 'locked', 'oidc']) this.#logIns.inc({ reason }, 0);
    for (const by of ['address', 'caller']) this.#limited.inc({ by }, 0);
  }

  /** All of it as text; the library writes one of its values in letters that a strict reader refuses. */
  async text(): Promise<string> {
    return (await this.registry.metrics()).replaceAll(/ Nan$/gm, ' NaN');
  }

  begun(): void {
    this.#inFlight.inc();
  }

  ended({ method, route, status, seconds, bytes, rows }: Served): void {
    this.#inFlight.dec();
    this.#seconds.observe({ method: methods.has(method) ? method : 'other', route, status }, seconds);
    if (bytes !== null) this.#bytes.inc({ route }, bytes);
    if (rows !== null) this.#rows.inc({ route }, rows);
  }

  logInRefused(reason: 'password' | 'locked' | 'oidc'): void {
    this.#logIns.inc({ reason });
  }

  limited(by: 'address' | 'caller'): void {
    this.#limited.inc({ by });
  }
}
