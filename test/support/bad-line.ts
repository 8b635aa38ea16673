import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./field-server.ts', import.meta.url));

/** What befalls the next photo: nothing, the server killed when half of it has come, or its answer lost on the way back. */
export type Trouble = 'none' | 'killed' | 'answer-lost';

/** A server behind a line that can be cut: the browser sees one address, also after the server was killed. */
export class BadLine {
  trouble: Trouble = 'none';
  /** POSTs of photos and forms that reached the server, with what came of them. */
  readonly seen: string[] = [];
  readonly #arguments: string[];
  readonly #front: Server;
  #child: ChildProcess | null = null;
  #behind = 0;

  private constructor(database: string, home: string) {
    this.#arguments = [program, database, home];
    this.#front = createServer((asked, answer) => this.#pass(asked, answer));
  }

  static async over(database: string, home: string): Promise<BadLine> {
    const line = new BadLine(database, home);
    await line.start();
    line.#front.listen(0, '127.0.0.1');
    await once(line.#front, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#front.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, this.#arguments, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(this.#child.stdout!, 'data')) as [Buffer];
    this.#behind = Number(new URL(said.toString().trim()).port);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async close(): Promise<void> {
    await this.kill();
    this.#front.closeAllConnections();
    this.#front.close();
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const isPhoto = asked.method === 'POST' && /\/photos(\?|$)/.test(asked.url!);
    const trouble = isPhoto ? this.trouble : 'none';
    if (isPhoto) this.trouble = 'none';
    const { method, url, headers } = asked;
    const behind = request({ host: '127.0.0.1', port: this.#behind, method, path: url, headers });
    behind.on('error', () => answer.destroy());
    behind.on('response', (response) => {
      const what = /\/(photos|forms)(\?|$)/.exec(url!)?.[1];
      if (method === 'POST' && what) this.seen.push(`${what} ${trouble === 'none' ? response.statusCode : trouble}`);
      // The server has done it; nobody hears of it.
      if (trouble === 'answer-lost') return void answer.destroy();
      answer.writeHead(response.statusCode!, response.headers);
      response.pipe(answer);
    });
    if (trouble !== 'killed') return void asked.pipe(behind);
    let bytes = 0;
    asked.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      behind.write(chunk);
      if (bytes < Number(headers['content-length']) / 2) return;
      asked.removeAllListeners('data');
      this.seen.push('photos killed');
      void this.kill().then(() => answer.destroy());
    });
  }
}
