import { serveJobs } from '../jobs/thread-entry.ts';
import { encodeTile } from './vector-threads.ts';

/** What a thread that makes vector tiles does. */
serveJobs({ encode: encodeTile });
