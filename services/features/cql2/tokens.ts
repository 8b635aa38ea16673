import { ServiceError } from '../../error.ts';

export interface Token {
  kind: 'word' | 'text' | 'number' | 'mark' | 'end';
  /** A word as it was written, a text without its quotes. */
  text: string;
  /** Place in the filter, from 1. */
  at: number;
}

const TOKEN =
  /\s*(?:([\p{L}_:][\p{L}\p{N}_.:-]*)|"([^"]*)"|'((?:[^']|'')*)'|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(<>|<=|>=|[=<>(),]))/uy;

/** The words and marks of a filter, with one that says it is at its end. @throws ServiceError bad-input */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      const rest = text.slice(at).trimStart();
      throw cqlRefusal('a word, a value or a mark', rest, text.length - rest.length + 1);
    }
    const [, word, quoted, literal, number, mark] = match;
    const place = TOKEN.lastIndex - match[0].trimStart().length + 1;
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at: place });
    else if (quoted !== undefined) tokens.push({ kind: 'word', text: quoted, at: place });
    else if (literal !== undefined) tokens.push({ kind: 'text', text: literal.replaceAll("''", "'"), at: place });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at: place });
    else tokens.push({ kind: 'mark', text: mark, at: place });
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: 'end', text: 'its end', at: end + 1 }];
}

/** A filter that cannot be read, in one line: where, what was wanted, what was got. */
export function cqlRefusal(wanted: string, got: string, at: number): ServiceError {
  const line = got.replaceAll(/[\s\p{Cc}]+/gu, ' ');
  const shown = line.length > 40 ? `${line.slice(0, 39)}…` : line;
  return new ServiceError('bad-input', `The filter needs ${wanted} at letter ${at}; got '${shown}'.`);
}
