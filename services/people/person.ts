import { ServiceError } from '../error.ts';
import type { Label } from '../lifecycle/label.ts';

/** What somebody can be responsible for in the field-chief system (田长制). */
export const DUTIES = {
  'field-chief': { zh: '田长', en: 'Field chief' },
  patroller: { zh: '网格员', en: 'Patroller of the grid' },
  handler: { zh: '承办人', en: 'Handler' },
} as const satisfies Record<string, Label>;
export type DutyKind = keyof typeof DUTIES;

/** The words a list may call a duty by. */
const WORDS: readonly [RegExp, DutyKind][] = [
  [/田长|field-?chief/i, 'field-chief'],
  [/网格员|巡查员|巡田员|patrol/i, 'patroller'],
  [/承办|经办|handler/i, 'handler'],
];

/** The duty of a word in either language, or null. */
export function dutyOf(text: string): DutyKind | null {
  return WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/**
 * A person is known by name; the same name in full-width letters or with other blanks is the same person, and two of
 * one name are told apart by what the register adds (张三（演陂镇）). @throws ServiceError bad-input where it is no name
 */
export function personName(text: string): string {
  const name = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  if (name !== '' && name.length <= 60) return name;
  throw new ServiceError('bad-input', `A person's name is a text of 1 to 60 characters; got '${text.slice(0, 80)}'.`);
}
