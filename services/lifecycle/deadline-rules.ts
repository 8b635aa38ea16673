import { z } from 'zod';
import { ServiceError } from '../error.ts';

/** How long things may take and when lateness becomes whose matter: practice differs, so these are data. */

const count = z.int().min(0).max(366);

const form = z.strictObject({
  edition: z.string().min(1).max(60),
  extension: z.strictObject({
    /** How often one due date may be extended; */
    times: count,
    /** and by how many local days in all. */
    days: count,
  }),
  /** Due soon from so many working days before the due day on. */
  dueSoonWorkingDays: count,
  /** 督办: once so many working days have gone by after the due day. */
  superviseAfterWorkingDays: count,
  /** 约谈: the same; not before 督办. */
  interviewAfterWorkingDays: count,
  /** How long a person may undo their own last step. */
  undoHours: z
    .number()
    .min(0)
    .max(24 * 31),
});

export type DeadlineRules = z.infer<typeof form>;

export const standardRules: DeadlineRules = {
  edition: 'standard-1',
  extension: { times: 2, days: 90 },
  dueSoonWorkingDays: 3,
  superviseAfterWorkingDays: 5,
  interviewAfterWorkingDays: 10,
  undoHours: 24,
};

/** The rules in a JSON text. Throws bad-input naming the first field that is not as wanted; `from` names the text. */
export function readRules(text: string, from: string): DeadlineRules {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ServiceError('bad-input', `${from}: deadline rules are a JSON object; this is no JSON.`);
  }
  const read = form.safeParse(json);
  if (!read.success) {
    const { path, message } = read.error.issues[0];
    throw new ServiceError('bad-input', `${from}: deadline rules, ${path.join('.') || 'as a whole'}: ${message}.`);
  }
  const { superviseAfterWorkingDays: supervise, interviewAfterWorkingDays: interview } = read.data;
  if (interview < supervise) {
    const wanted = `interviewAfterWorkingDays is at least superviseAfterWorkingDays (${supervise})`;
    throw new ServiceError('bad-input', `${from}: deadline rules: ${wanted}; got ${interview}.`);
  }
  return read.data;
}
