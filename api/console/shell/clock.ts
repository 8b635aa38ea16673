let leadMs = 0;

/** Sets the console by the workspace's clock: a simulated workspace lives in a month of its own. */
export function setClock(utc: string): void {
  leadMs = Date.parse(utc) - Date.now();
}

/** What the time is in the workspace, ms since 1970. */
export function workspaceNow(): number {
  return Date.now() + leadMs;
}
