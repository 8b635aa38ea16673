const slot = 'tuban.key';

/**
 * Takes the key out of an address ending in '#key=…', so that it stays neither in the address bar nor
 * in the history, and keeps it until the tab is closed. A fragment never travels to a server.
 */
export function takeKeyFromAddress(): void {
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  sessionStorage.setItem(slot, key);
  history.replaceState(null, '', location.pathname + location.search);
}

export function currentKey(): string | null {
  return sessionStorage.getItem(slot);
}

export function keepKey(key: string): void {
  if (key === '') sessionStorage.removeItem(slot);
  else sessionStorage.setItem(slot, key);
}
