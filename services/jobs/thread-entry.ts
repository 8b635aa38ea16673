import { parentPort } from 'node:worker_threads';
import { packError, type ThreadAnswer, type ThreadRequest } from './thread-message.ts';

/** A payload in, a result out; both must survive structured clone. */
export type JobHandler = (payload: never) => unknown;

/**
 * Makes this module the entry of a ThreadPool: answers each request with the handler of its kind.
 * Arrays and buffers in a result are given away, not copied: a handler must not use them afterwards.
 */
export function serveJobs(handlers: Readonly<Record<string, JobHandler>>): void {
  const port = parentPort;
  if (port === null) throw new Error('A thread entry was imported by the main thread; give its URL to a ThreadPool.');
  port.on('message', async (request: ThreadRequest) => {
    try {
      const handler = handlers[request.kind];
      if (handler === undefined) throw new Error(`No handler for jobs of kind '${request.kind}' in this thread.`);
      post({ result: await handler(request.payload as never) });
    } catch (error) {
      port.postMessage({ error: packError(error) });
    }
  });
  function post(answer: ThreadAnswer): void {
    try {
      port?.postMessage(answer, [...buffersIn(answer, new Set())]);
    } catch (error) {
      // WebAssembly memory and pooled Node buffers refuse to be given away: copy them.
      if ((error as Error).name !== 'DataCloneError') throw error;
      port?.postMessage(answer);
    }
  }
}

/** The buffers behind a value's arrays, but for those of which the value is only a part. */
function buffersIn(value: unknown, found: Set<ArrayBuffer>): Set<ArrayBuffer> {
  if (value instanceof ArrayBuffer) found.add(value);
  else if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength) found.add(value.buffer);
  } else if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') buffersIn(item, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) buffersIn(item, found);
  }
  return found;
}
