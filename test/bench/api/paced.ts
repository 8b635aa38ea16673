import { Agent, get } from 'node:http';

export interface Paced {
  /** Of the answers, from the moment the request was due: what waits in line counts. */
  p50: number;
  p99: number;
  failed: number;
}

/** Sends so many requests a second, one after the other at even distances, whatever becomes of those before. */
export async function paced(
  url: string,
  paths: readonly string[],
  headers: Record<string, string>,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<Paced> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const took: number[] = [];
  let failed = 0;
  const start = performance.now();
  const all = Array.from({ length: perSecond * seconds }, async (_, i) => {
    const due = start + (i * 1000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const status = await ask(agent, url + paths[i % paths.length], headers).catch(() => 0);
    took.push(performance.now() - due);
    if (status !== 200) failed++;
  });
  await Promise.all(all);
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))];
  return { p50: at(0.5), p99: at(0.99), failed };
}

function ask(agent: Agent, url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    request.once('error', reject);
  });
}
