import { openStore, type StoreLocation } from '../../../services/store/open.ts';
import { plantPatch } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';

/** Somebody at work while a backup is made: patches appear and are moved on until the process is ended. */
const store = await openStore(JSON.parse(process.argv[2]) as StoreLocation);
for (;;) {
  await takeSteps(store, await plantPatch(store, { district: '430422' }), 'warn acknowledge');
  process.stdout.write('.');
}
