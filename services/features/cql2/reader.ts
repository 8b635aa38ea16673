import { cqlRefusal, type Token, tokensOf } from './tokens.ts';

/** Deeper nesting and longer filters are nobody's question. */
const deepest = 40;
const longest = 20_000;

/** Goes through the tokens of a filter, one after the other. */
export class Reader {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  /** @throws ServiceError bad-input */
  constructor(text: string) {
    if (text.length > longest) throw cqlRefusal(`at most ${longest} letters`, `${text.length} letters`, longest + 1);
    this.#tokens = tokensOf(text);
  }

  get next(): Token {
    return this.#tokens[this.#at];
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the next is this keyword or mark. */
  sees(text: string, ahead = 0): boolean {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)];
    return (token.kind === 'word' || token.kind === 'mark') && token.text.toUpperCase() === text;
  }

  /** Takes the next where it is this keyword or mark. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at++;
    return true;
  }

  /** @throws ServiceError bad-input where the next is something else */
  needs(text: string): void {
    if (!this.takes(text)) throw this.refusal(`'${text}'`);
  }

  /** @throws ServiceError bad-input where it is nested too deep */
  nested<T>(read: () => T): T {
    if (++this.#depth > deepest) throw this.refusal(`at most ${deepest} brackets in one another`);
    const value = read();
    this.#depth--;
    return value;
  }

  refusal(wanted: string, { text, at }: Token = this.next): Error {
    return cqlRefusal(wanted, text, at);
  }
}
