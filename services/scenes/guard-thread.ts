import type { Scene } from '../../imagery/scene.ts';
import { serveJobs } from '../jobs/thread-entry.ts';
import { cloudShareOf } from './cloud-share.ts';
import { type DecodePart, decodePart } from './decode-part.ts';
import { guardedJob, lookJob } from './look-job.ts';

/** What the first looks at a file do, in a thread that can be stopped. */
serveJobs({
  look: lookJob,
  'cloud-share': guardedJob((scene: Scene) => cloudShareOf(scene)),
  decode: guardedJob((part: DecodePart) => decodePart(part)),
});
