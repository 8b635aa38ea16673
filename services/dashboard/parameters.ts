import { z } from 'zod';
import data from './parameters.json' with { type: 'json' };

/** What differs by office on the dashboard: data, checked. */
export const standardDashboard = z
  .strictObject({
    edition: z.string().min(1),
    /** Share of a county's patches that should be done: the line across the ranking. */
    target: z.number().min(0).max(1),
    /** Fewer judged patches than this say too little of the detector, and the words say so. */
    leastJudged: z.number().int().min(1),
    /** Entries of the radar that are listed; all are counted. */
    radarShown: z.number().int().min(1),
  })
  .parse(data);
