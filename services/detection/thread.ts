import { giveWay } from '../jobs/give-way.ts';
import { serveJobs } from '../jobs/thread-entry.ts';
import { lookJob } from '../scenes/look-job.ts';
import type { CellInput } from './cell-input.ts';
import type { EstimateInput } from './estimate.ts';
import { type SampleInput, takeSample } from './pair-sample.ts';
import { SourceCache } from './source-cache.ts';
import { type StripInput, searchStrip } from './strip.ts';

/** What worker threads do for the detection. */
const sources = new SourceCache();
/** Apart: a square wants one tile, now and no more, and the search needs the room. */
const sampled = new SourceCache(12, 1 << 23);

serveJobs({
  look: lookJob,
  sample: (input: SampleInput) => takeSample(input, sampled),
  strip: async (input: StripInput) => {
    await sampled.close();
    return searchStrip(input, sources);
  },
  // Loaded when wanted: most threads of a single comparison never are asked for these.
  cell: async (input: CellInput) => {
    giveWay();
    return (await import('./cell.ts')).scoreCell(input, sources);
  },
  'estimate-or-refuse': async (input: EstimateInput) => {
    giveWay();
    return (await import('./estimate.ts')).estimateOrRefuse(input, sources);
  },
});
