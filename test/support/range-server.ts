import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request in its own way, or returns false to have it answered rightly. */
export type Fault = (request: IncomingMessage, response: ServerResponse, count: number) => boolean;

export interface ServedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An HTTP server on this machine that serves bytes by range as object stores do, and misbehaves when told to. */
export class RangeServer {
  readonly requests: ServedRequest[] = [];
  bodyBytesSent = 0;
  /** Asked first for every request; `count` is 1 for the first request since it was set. */
  #fault: Fault | null = null;
  #count = 0;
  readonly #files = new Map<string, { bytes: Buffer; type: string }>();
  readonly #server: Server;
  readonly url: string;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  static start(): Promise<RangeServer> {
    const server = createServer();
    return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(new RangeServer(server))));
  }

  /** Returns the address of the file. */
  put(path: string, content: Buffer | string | object, type = 'application/octet-stream'): string {
    const isText = typeof content === 'string' || Buffer.isBuffer(content);
    this.#files.set(path, { bytes: Buffer.from(isText ? content : JSON.stringify(content)), type });
    return this.url + path;
  }

  misbehave(fault: Fault | null): void {
    this.#fault = fault;
    this.#count = 0;
  }

  /** Forgets what was asked and sent so far. */
  forget(): void {
    this.requests.length = 0;
    this.bodyBytesSent = 0;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request) body += piece;
    const path = decodeURIComponent(new URL(request.url!, this.url).pathname);
    this.requests.push({ method: request.method!, path: request.url!, headers: request.headers, body });
    if (this.#fault?.(request, response, ++this.#count)) return;
    const file = this.#files.get(path);
    if (file === undefined) return void response.writeHead(404).end();
    const { bytes, type } = file;
    const etag = etagOf(bytes);
    const match = request.headers['if-match'];
    if (match !== undefined && match !== etag) return void response.writeHead(412).end();
    const headers = { ETag: etag, 'Content-Type': type, 'Accept-Ranges': 'bytes' };
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range === null) {
      this.bodyBytesSent += bytes.length;
      return void response.writeHead(200, { ...headers, 'Content-Length': bytes.length }).end(bytes);
    }
    const [from, to] = [Number(range[1]), Math.min(Number(range[2]) + 1, bytes.length)];
    if (from >= bytes.length) {
      return void response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
    }
    this.bodyBytesSent += to - from;
    const content = { 'Content-Range': `bytes ${from}-${to - 1}/${bytes.length}`, 'Content-Length': to - from };
    response.writeHead(206, { ...headers, ...content }).end(bytes.subarray(from, to));
  }
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}
