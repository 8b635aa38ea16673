import { sendDue } from '../../../services/notify/send.ts';
import { openStore, type StoreLocation } from '../../../services/store/open.ts';

/** A sender in a process of its own, for the test that kills it: one pass by the real clock, given enough time. */
const store = await openStore(JSON.parse(process.argv[2]) as StoreLocation);
const limits = { connectMs: 60_000, totalMs: 60_000 };
await sendDue(store, { clock: () => new Date(), mail: null, limits });
await store.close();
