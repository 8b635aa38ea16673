import { z } from 'zod';
import { ServiceError } from '../error.ts';
import { TRANSITIONS } from '../lifecycle/transitions.ts';
import { sha256Of } from '../sha256.ts';
import { FIELDS } from './fields.ts';

/** A paper's form as data: blocks of a small closed vocabulary, whose texts hold {{fields}} of fields.ts. */

const text = z.string().min(1).max(4000);
const label = z.strictObject({ zh: text, en: text });

const block = z.discriminatedUnion('block', [
  z.strictObject({ block: z.literal('title'), text }),
  /** The number (文号), under the title. */
  z.strictObject({ block: z.literal('number'), text }),
  /** To whom it goes; not indented. */
  z.strictObject({ block: z.literal('addressee'), text }),
  z.strictObject({ block: z.literal('heading'), text }),
  z.strictObject({ block: z.literal('paragraph'), text }),
  z.strictObject({ block: z.literal('facts'), rows: z.array(z.strictObject({ label: text, value: text })).min(1) }),
  /** Each patch a row. */
  z.strictObject({ block: z.literal('patches') }),
  /** By patch and layer, in m² and 亩. */
  z.strictObject({ block: z.literal('overlaps') }),
  /** Before and after, a row each patch. */
  z.strictObject({ block: z.literal('pictures') }),
  z.strictObject({ block: z.literal('attachments'), items: z.array(text).min(1) }),
  /** Empty lines to be signed by hand: opinions of those the paper passes. */
  z.strictObject({ block: z.literal('opinions'), rows: z.array(text).min(1) }),
  z.strictObject({ block: z.literal('signature'), lines: z.array(text).min(1) }),
]);

const template = z.strictObject({
  edition: z.literal('paper-template-1'),
  /** Name of the kind on the command line, e.g. reminder-letter. */
  kind: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/, 'wanted small letters, digits and hyphens'),
  name: label,
  /** What it is filled from: one patch, patches of one county, or a case with the patches that it covers. */
  takes: z.enum(['patch', 'patches', 'case']),
  /** The step of the lifecycle that its issue belongs to, or null. */
  step: z.strictObject({ subject: z.enum(['patch', 'case']), action: text }).nullable(),
  blocks: z.array(block).min(1).max(200),
});

export type PaperTemplate = z.infer<typeof template>;
export type TemplateBlock = PaperTemplate['blocks'][number];

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * Reads and checks a template.
 * @param origin how errors name it, e.g. its file
 * @throws ServiceError bad-input: no JSON, not the form, or a field that there is none of, with those there are
 */
export function readTemplate(json: string, origin: string): PaperTemplate {
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch (error) {
    throw new ServiceError('bad-input', `${origin}: wanted a paper template as JSON: ${(error as Error).message}.`);
  }
  return checkTemplate(input, origin);
}

export function checkTemplate(input: unknown, origin: string): PaperTemplate {
  const parsed = template.safeParse(input);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new ServiceError('bad-input', `${origin}: ${path.join('.') || 'the template'}: ${message}.`);
  }
  checkStep(parsed.data, origin);
  for (const [place, written] of textsOf(parsed.data.blocks)) checkFields(written, `${origin}: ${place}`);
  return parsed.data;
}

/** The text with each field as `of` has it. */
export function withFields(written: string, of: (field: string) => string): string {
  return written.replace(placeholder, (_, name: string) => of(name));
}

/** By which a paper names the template that it was made by, whatever the file's spaces. */
export function templateHash(made: PaperTemplate): string {
  return sha256Of(JSON.stringify(made));
}

function textsOf(blocks: PaperTemplate['blocks']): [place: string, text: string][] {
  return blocks.flatMap((one, k): [string, string][] => {
    const place = `blocks.${k} (${one.block})`;
    if ('text' in one) return [[place, one.text]];
    if ('items' in one) return one.items.map((item) => [place, item]);
    if ('lines' in one) return one.lines.map((line) => [place, line]);
    if (one.block === 'facts')
      return one.rows.flatMap((row): [string, string][] => [
        [place, row.label],
        [place, row.value],
      ]);
    if (one.block === 'opinions') return one.rows.map((row) => [place, row]);
    return [];
  });
}

function checkStep({ step, takes }: PaperTemplate, origin: string): void {
  if (step === null) return;
  const known = [...new Set(TRANSITIONS[step.subject].map(({ action }) => action))];
  if (!known.includes(step.action)) {
    const got = `got ${step.action}`;
    throw new ServiceError(
      'bad-input',
      `${origin}: step.action: wanted a step of a ${step.subject}, ${got}; known are ${known.join(', ')}.`,
    );
  }
  if (step.subject === 'case' && takes !== 'case') {
    throw new ServiceError('bad-input', `${origin}: step: a step of a case wants takes 'case', got '${takes}'.`);
  }
}

function checkFields(written: string, place: string): void {
  for (const [, name] of written.matchAll(placeholder)) {
    if (Object.hasOwn(FIELDS, name)) continue;
    const known = Object.keys(FIELDS).join(', ');
    throw new ServiceError('bad-input', `${place}: there is no field '${name}'; known are ${known}.`);
  }
  if (/\{\{|\}\}/.test(written.replace(placeholder, ''))) {
    throw new ServiceError('bad-input', `${place}: wanted {{field}}, got braces that do not match in '${written}'.`);
  }
}
