import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Where the program keeps what it can work out again (hashes of images, compiled code): TUBAN_CACHE, or tuban under
 * XDG_CACHE_HOME or ~/.cache; null where TUBAN_CACHE is off or there is no home. Read apart from the other variables
 * because `detect` needs this one only, and is done before those are loaded; plain JavaScript because it is needed
 * before there is a cache, and what strips types takes longer to load than most commands.
 * @param {Record<string, string | undefined>} environment
 * @returns {string | null}
 */
export function cacheFolder(environment = process.env) {
  const { TUBAN_CACHE: own, XDG_CACHE_HOME: caches } = environment;
  if (own === 'off') return null;
  if (own) return resolve(own);
  // The XDG rules ask to ignore a relative one.
  if (caches && isAbsolute(caches)) return join(caches, 'tuban');
  try {
    return join(homedir(), '.cache', 'tuban');
  } catch {
    return null;
  }
}
