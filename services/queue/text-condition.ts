import type { Kysely } from 'kysely';
import type { Condition } from '../features/cql2/tree.ts';
import { patchesWithNote } from '../store/handlers.ts';
import { districtNames } from '../store/month-figures.ts';
import type { Database } from '../store/schema.ts';
import { CHANGE_TYPES } from './change-types.ts';

type Resolved = Condition<readonly string[]>;

/**
 * The patches in which all words of a text stand: in the number, the name of the district or of one round it, the name
 * or code of the type, or a note of a step. Letters A to Z count the same, large or small.
 */
export async function textCondition(db: Kysely<Database>, text: string): Promise<Resolved> {
  const words = [...new Set(text.split(/\s+/).filter((word) => word !== ''))];
  if (words.length === 0) return { kind: 'always', value: true };
  const names = await districtNames(db);
  const conditions: Resolved[] = [];
  for (const word of words) conditions.push(await wordCondition(db, word, names));
  return { kind: 'and', conditions };
}

async function wordCondition(db: Kysely<Database>, word: string, names: Map<string, string>): Promise<Resolved> {
  const small = inSmall(word);
  const districts = [...names].filter(([, name]) => inSmall(name).includes(small)).map(([code]) => code);
  const types = CHANGE_TYPES.filter(
    ({ code, tblx, label }) =>
      [code, tblx].some((name) => inSmall(name) === small) ||
      [label.zh, label.en].some((name) => inSmall(name).includes(small)),
  ).flatMap(({ code, tblx }) => [code, tblx]);
  const conditions: Resolved[] = [
    { kind: 'like', property: 'number', pattern: ['any', { text: word }, 'any'] },
    ...districts.map((code): Resolved => ({ kind: 'like', property: 'district', pattern: [{ text: code }, 'any'] })),
  ];
  if (types.length > 0) conditions.push({ kind: 'in', property: 'type', values: [...new Set(types)] });
  const noted = await notedIn(db, small);
  if (noted.length > 0) conditions.push({ kind: 'intersects', place: noted });
  return { kind: 'or', conditions };
}

/** Found by the letters of the stored JSON, and then looked at: they may stand elsewhere in it. */
async function notedIn(db: Kysely<Database>, small: string): Promise<string[]> {
  const rows = await patchesWithNote(db, JSON.stringify(small).slice(1, -1));
  const noted = rows.filter(({ payloadJson }) => {
    const { note } = JSON.parse(payloadJson) as { note?: unknown };
    return typeof note === 'string' && inSmall(note).includes(small);
  });
  return [...new Set(noted.map(({ subjectId }) => subjectId))];
}

/** As both databases do it: letters beyond A to Z stay as they are. */
function inSmall(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
