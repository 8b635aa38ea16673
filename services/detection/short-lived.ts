import { setFlagsFromString } from 'node:v8';

/**
 * Leaves V8's last optimising compiler out, in all threads, while most of the work is done by kernels: what it makes
 * of the rest would be ready when the rest is done. On two cores and a scene of 67 Mpx it took a tenth of all CPU time.
 */
export function optimiseScripts(wanted: boolean): void {
  setFlagsFromString(wanted ? '--opt' : '--no-opt');
}
