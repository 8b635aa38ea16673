import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** How long others may keep a connection of ours. */
export interface Patience {
  /** Until the head of a request is here. */
  headMs: number;
  /** Until the body of an ordinary request is here; a layer file or a photo may take as long as it moves. */
  bodyMs: number;
  /** A connection on which nothing moves is ended: longer than any answer takes to begin. */
  idleMs: number;
}

export const usualPatience: Patience = { headMs: 15_000, bodyMs: 30_000, idleMs: 300_000 };

/** Connections at once: a program may open some at a time, thousands are an attack or a mistake. */
const mostConnections = 2000;

/**
 * Ends connections that are held by sending or reading next to nothing. The server's own limit would end an upload
 * that takes its time, too.
 *
 * @param large paths of bodies that may be as large as a disk
 */
export function endSlowConnections(server: Server, large: RegExp, patience: Patience = usualPatience): void {
  server.requestTimeout = 0;
  server.headersTimeout = patience.headMs;
  server.maxConnections = mostConnections;
  server.setTimeout(patience.idleMs);
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isWhole(request) || large.test(new URL(request.url ?? '/', 'http://x').pathname)) return;
    const late = setTimeout(() => giveUp(request, response), patience.bodyMs);
    request.once('close', () => clearTimeout(late));
    request.once('end', () => clearTimeout(late));
  });
}

function isWhole({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

/** As the server itself answers whoever is too slow with a head. */
function giveUp({ socket }: IncomingMessage, response: ServerResponse): void {
  const answer = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
  if (!response.headersSent) socket.write(answer);
  socket.destroySoon();
}
