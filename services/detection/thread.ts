import { serveJobs } from '../jobs/thread-entry.ts';
import { scoreCell } from './cell.ts';
import type { CellInput } from './cell-input.ts';
import { type EstimateInput, estimateOrRefuse, estimatePair } from './estimate.ts';
import { SourceCache } from './source-cache.ts';

/** What worker threads do for the detection. */
const sources = new SourceCache();

serveJobs({
  estimate: (input: EstimateInput) => estimatePair(input, sources),
  'estimate-or-refuse': (input: EstimateInput) => estimateOrRefuse(input, sources),
  cell: (input: CellInput) => scoreCell(input, sources),
});
