import { ServiceError } from '../error.ts';

/**
 * Arithmetic over named figures, as data: numbers, names, + − × ÷ (also - * /), comparisons (1 where true, 0 where
 * not), parentheses, min(…), max(…) and if(condition, then, otherwise). Nothing else: it reads no property, calls no
 * function of the program and cannot loop.
 */
export interface Formula {
  text: string;
  /** Names it asks for, in order of first mention. */
  names: string[];
  /** The value for these figures; null where a figure it needs is missing, or where it divides by zero. */
  value(figures: Readonly<Record<string, number | null>>): number | null;
}

type Figures = Readonly<Record<string, number | null>>;
type Node = (figures: Figures) => number | null;

const longest = 1000;
const deepest = 50;
const token = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z][A-Za-z0-9]*)|(<=|>=|==|!=|[-+−*×/÷()<>,≤≥]))/y;

const operators: Record<string, (a: number, b: number) => number | null> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
};
const synonyms: Record<string, string> = { '−': '-', '×': '*', '÷': '/', '≤': '<=', '≥': '>=' };

/** Loosest first. */
const levels = [
  ['<', '<=', '>', '>=', '==', '!='],
  ['+', '-'],
  ['*', '/'],
];

/** Throws ServiceError 'bad-input' naming what stands where something else was wanted. */
export function parseFormula(text: string): Formula {
  if (text.length > longest) throw wrong(text, `has ${text.length} characters; ${longest} is the most`);
  const parser = new Parser(text);
  const node = parser.whole();
  return { text, names: [...parser.names], value: (figures) => finite(node(figures)) };
}

class Parser {
  readonly names = new Set<string>();
  readonly #text: string;
  readonly #tokens: { text: string; kind: 'number' | 'name' | 'sign'; at: number }[] = [];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    token.lastIndex = 0;
    const end = text.trimEnd().length;
    while (token.lastIndex < end) {
      const at = token.lastIndex;
      const found = token.exec(text);
      if (!found) throw wrong(text, `at character ${at + 1}: a number, a name or a sign was wanted`);
      const [, number, name, sign] = found;
      const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
      this.#tokens.push({ text: number ?? name ?? synonyms[sign] ?? sign, kind, at });
    }
  }

  whole(): Node {
    const node = this.#level(0);
    if (this.#next < this.#tokens.length) throw this.#unexpected('an operator or the end');
    return node;
  }

  #level(level: number): Node {
    if (level === levels.length) return this.#signed();
    let left = this.#level(level + 1);
    for (;;) {
      const sign = this.#tokens[this.#next];
      if (sign?.kind !== 'sign' || !levels[level].includes(sign.text)) return left;
      this.#next++;
      left = both(operators[sign.text], left, this.#level(level + 1));
    }
  }

  #signed(): Node {
    if (!this.#take('-')) return this.#primary();
    const node = this.#nested(() => this.#signed());
    return both(operators['-'], () => 0, node);
  }

  #primary(): Node {
    if (this.#take('(')) {
      const node = this.#nested(() => this.#level(0));
      this.#want(')');
      return node;
    }
    const token = this.#tokens[this.#next];
    if (token === undefined || token.kind === 'sign') throw this.#unexpected('a number, a name or (');
    this.#next++;
    if (token.kind === 'number') return () => Number(token.text);
    if (this.#take('(')) return this.#call(token.text);
    this.names.add(token.text);
    return (figures) => (Object.hasOwn(figures, token.text) ? figures[token.text] : null);
  }

  #call(name: string): Node {
    const values = [this.#nested(() => this.#level(0))];
    while (this.#take(',')) values.push(this.#nested(() => this.#level(0)));
    this.#want(')');
    if (name === 'min' || name === 'max') {
      return (figures) => {
        const known = values.map((value) => value(figures));
        return known.some((value) => value === null) ? null : Math[name](...(known as number[]));
      };
    }
    if (name !== 'if') throw wrong(this.#text, `calls ${name}(); only min, max and if are known`);
    if (values.length !== 3) throw wrong(this.#text, `gives if() ${values.length} values; it takes 3`);
    return (figures) => {
      const condition = values[0](figures);
      return condition === null ? null : values[condition === 0 ? 2 : 1](figures);
    };
  }

  #nested(read: () => Node): Node {
    if (++this.#depth > deepest) throw wrong(this.#text, `is nested more than ${deepest} deep`);
    const node = read();
    this.#depth--;
    return node;
  }

  #take(sign: string): boolean {
    const found = this.#tokens[this.#next]?.kind === 'sign' && this.#tokens[this.#next].text === sign;
    if (found) this.#next++;
    return found;
  }

  #want(sign: string): void {
    if (!this.#take(sign)) throw this.#unexpected(sign);
  }

  #unexpected(wanted: string): ServiceError {
    const token = this.#tokens[this.#next];
    const got = token === undefined ? 'the end' : `'${token.text}' at character ${token.at + 1}`;
    return wrong(this.#text, `wanted ${wanted}, got ${got}`);
  }
}

function both(operate: (a: number, b: number) => number | null, left: Node, right: Node): Node {
  return (figures) => {
    const [a, b] = [left(figures), right(figures)];
    return a === null || b === null ? null : operate(a, b);
  };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function wrong(text: string, what: string): ServiceError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new ServiceError('bad-input', `The formula "${shown.replace(/\s+/g, ' ')}" ${what}.`);
}
