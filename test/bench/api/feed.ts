/** Seconds that a follower of the change feed takes for so many rows, from the beginning on. */
export async function followFeed(
  url: string,
  headers: Record<string, string>,
  rows: number,
): Promise<{ seconds: number; rows: number }> {
  const start = performance.now();
  let [told, since, more] = [0, '0', true];
  while (more && told < rows) {
    const response = await fetch(`${url}/changes?since=${since}&limit=10000`, { headers });
    if (!response.ok) throw new Error(`the feed answered ${response.status}: ${await response.text()}`);
    const page = (await response.json()) as { changes: unknown[]; next: string; more: boolean };
    told += page.changes.length;
    ({ next: since, more } = page);
  }
  return { seconds: (performance.now() - start) / 1000, rows: told };
}
