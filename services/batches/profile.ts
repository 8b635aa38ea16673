import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ServiceError } from '../error.ts';

/** What can be answered about a row; each is read off the patch it is linked to. */
const ANSWERS = [
  'judgement',
  'rectified-area',
  'remaining-area',
  'opinion',
  'date',
  'note',
  'state',
  'patch-number',
  'department',
] as const;
const fieldName = z.string().trim().min(1);
const unit = z.enum(['m2', 'mu', 'ha']);

const answerSchema = z.strictObject({
  /** Column of the file. */
  field: fieldName,
  from: z.enum(ANSWERS),
  /** Of areas; m² unless said. */
  unit: unit.optional(),
  /** The sender's own word for each of ours, by its code, e.g. lawful, resolved; ours in Chinese where none is given. */
  words: z.record(z.string(), z.string()).optional(),
});

/** How the files of one sender are read and answered. Data: offices write their own. */
const profileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  title: z.strictObject({ zh: z.string(), en: z.string() }),
  /** Columns of the file by what they hold; only the number must be there. */
  fields: z.strictObject({
    number: fieldName,
    district: fieldName.optional(),
    type: fieldName.optional(),
    before: fieldName.optional(),
    after: fieldName.optional(),
    area: z.strictObject({ field: fieldName, unit }).optional(),
    opinion: fieldName.optional(),
    built: fieldName.optional(),
  }),
  /** Our change type of the sender's codes, beyond those of the exchange format. */
  types: z.record(z.string(), z.string()).optional(),
  answers: z.array(answerSchema).min(1),
});
export type BatchProfile = z.infer<typeof profileSchema>;
export type AnswerColumn = z.infer<typeof answerSchema>;

export const M2_PER_UNIT: Record<z.infer<typeof unit>, number> = { m2: 1, mu: 2000 / 3, ha: 10_000 };

/** Profiles that come with Tuban. */
export const BUILT_IN_PROFILES: readonly BatchProfile[] = ['exchange'].map((name) => {
  const text = readFileSync(new URL(`./profiles/${name}.json`, import.meta.url), 'utf8');
  return parseProfile(text, `${name}.json`);
});

/** A profile that comes with Tuban, by name, or a JSON file (its name ends in .json). @throws ServiceError bad-input */
export async function profileNamed(name: string): Promise<BatchProfile> {
  const builtIn = BUILT_IN_PROFILES.find(({ id }) => id === name);
  if (builtIn !== undefined) return builtIn;
  if (!/\.json$/i.test(name)) {
    const known = BUILT_IN_PROFILES.map(({ id }) => id).join(', ');
    throw new ServiceError('bad-input', `There is no profile ${name}; wanted ${known}, or a file of your own (.json).`);
  }
  const text = await readFile(name, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ServiceError('bad-input', `${name}: wanted a profile, but it cannot be read (${code}).`);
  });
  return parseProfile(text, name);
}

/** @param place what errors name @throws ServiceError bad-input, one line: the path in it and what is wrong */
export function parseProfile(text: string, place: string): BatchProfile {
  let data: unknown;
  try {
    data = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const start = JSON.stringify(text.slice(0, 40));
    throw new ServiceError('bad-input', `${place}: wanted a profile in JSON, got text beginning ${start}.`, {}, error);
  }
  const parsed = profileSchema.safeParse(data);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ServiceError('bad-input', `${place}: ${issue.path.join('.') || 'the profile'}: ${issue.message}.`);
  }
  const { fields, answers } = parsed.data;
  const kept = Object.values(fields).map((field) => (typeof field === 'string' ? field : field?.field));
  const columns = answers.map(({ field }) => field);
  const twice = columns.find((field, i) => columns.indexOf(field) !== i);
  if (twice !== undefined)
    throw new ServiceError('bad-input', `${place}: answers: the column ${twice} is filled twice.`);
  const both = columns.find((field) => field === fields.number || (kept.includes(field) && field !== fields.opinion));
  if (both === undefined) return parsed.data;
  throw new ServiceError('bad-input', `${place}: answers: the column ${both} is the sender's and is kept as it came.`);
}
