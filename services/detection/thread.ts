import { serveJobs } from '../jobs/thread-entry.ts';
import { scoreCell } from './cell.ts';
import type { CellInput } from './cell-input.ts';
import { type EstimateInput, estimateOrRefuse } from './estimate.ts';
import { type SampleInput, takeSample } from './pair-sample.ts';
import { SourceCache } from './source-cache.ts';

import { type StripInput, searchStrip } from './strip.ts';

/** What worker threads do for the detection. */
const sources = new SourceCache();

serveJobs({
  'estimate-or-refuse': (input: EstimateInput) => estimateOrRefuse(input, sources),
  cell: (input: CellInput) => scoreCell(input, sources),
  sample: (input: SampleInput) => takeSample(input, sources),
  strip: (input: StripInput) => searchStrip(input, sources),
});
