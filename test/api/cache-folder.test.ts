import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder } from '../../api/cache-folder.js';

it.each<[string, Record<string, string>, string | null]>([
  ['lies under the home', {}, join(homedir(), '.cache', 'tuban')],
  ['lies where caches do', { XDG_CACHE_HOME: '/caches' }, '/caches/tuban'],
  ['ignores a relative place of caches', { XDG_CACHE_HOME: 'caches' }, join(homedir(), '.cache', 'tuban')],
  ['lies where it is told to', { TUBAN_CACHE: 'mine', XDG_CACHE_HOME: '/caches' }, resolve('mine')],
  ['is none when told so', { TUBAN_CACHE: 'off' }, null],
  ['takes empty variables as unset', { TUBAN_CACHE: '', XDG_CACHE_HOME: '' }, join(homedir(), '.cache', 'tuban')],
])('the cache %s', (_, environment, place) => {
  expect(cacheFolder(environment)).toBe(place);
});
