import { z } from 'zod';
import { ServiceError } from '../error.ts';
import data from './parameters.json' with { type: 'json' };

/** What differs by office in reports: data, checked. */
const parameters = z.strictObject({
  edition: z.string().min(1),
  ranking: z.strictObject({
    /** A district with fewer patches in its base, or a smaller base in 亩, is marked ‡ and not ranked. */
    smallPatches: z.number().int().min(0),
    smallAreaMu: z.number().min(0),
  }),
  /** Of intervals, in deviations: 1.96 is 95 %. */
  confidence: z.number().positive(),
});

export type ReportParameters = z.infer<typeof parameters>;

/** Throws ServiceError 'bad-input' with the first thing wrong. */
function parseReportParameters(input: unknown): ReportParameters {
  const parsed = parameters.safeParse(input);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new ServiceError('bad-input', `Report parameters: ${path.join('.') || 'the document'}: ${message}.`);
}

export const standardReport: ReportParameters = parseReportParameters(data);
