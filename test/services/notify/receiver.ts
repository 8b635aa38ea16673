import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** How the receiver treats a request. */
export type Manner =
  | { status: number; headers?: Record<string, string>; afterMs?: number }
  /** Takes the message and never answers. */
  | 'hang'
  /** Closes the socket instead of answering. */
  | 'close'
  /** Closes it in the middle of a good answer. */
  | 'break-off';

export interface Arrival {
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: the message, read field by field in the tests
  message: any;
  /** Whether the answer was 2xx and whole. */
  accepted: boolean;
}

/** A web server that takes webhooks, in whatever manner it is told. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** Most requests with one id that were under way at the same time. */
  mostAtOnce = 0;
  /** Called for each request; by default all is well. */
  manner: (arrival: Arrival) => Manner = () => ({ status: 204 });
  readonly #server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => this.#take(request.headers, Buffer.concat(pieces).toString(), response));
  });
  readonly #underWay = new Map<string, number>();

  async start(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get accepted(): Arrival[] {
    return this.arrivals.filter(({ accepted }) => accepted);
  }

  #take(headers: IncomingHttpHeaders, body: string, response: ServerResponse): void {
    const id = String(headers['webhook-id']);
    const arrival: Arrival = { id, headers, body, message: JSON.parse(body), accepted: false };
    this.arrivals.push(arrival);
    const now = (this.#underWay.get(id) ?? 0) + 1;
    this.#underWay.set(id, now);
    this.mostAtOnce = Math.max(this.mostAtOnce, now);
    response.on('close', () => this.#underWay.set(id, this.#underWay.get(id)! - 1));
    const manner = this.manner(arrival);
    if (manner === 'hang') return;
    if (manner === 'close') return void response.socket!.destroy();
    if (manner === 'break-off') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half of it', () => response.socket?.destroy());
      return;
    }
    arrival.accepted = manner.status >= 200 && manner.status < 300;
    setTimeout(() => response.writeHead(manner.status, manner.headers).end(), manner.afterMs ?? 0);
  }
}

/** What the library of Standard Webhooks says of an arrival: throws unless the signature is good. */
export function verified(arrival: Arrival, secret: string): unknown {
  return new Webhook(secret).verify(arrival.body, arrival.headers as Record<string, string>);
}
