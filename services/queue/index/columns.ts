import type { IndexRow } from '../../store/index-rows.ts';

/** Texts that many rows share, by number. */
export class Dictionary {
  readonly texts: string[] = [];
  readonly #codes = new Map<string, number>();

  codeOf(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    this.#codes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** Numbers by which patches are filtered, a column each. Times are ms since 1970, NaN where there is none; days YYYYMMDD. */
const NUMBERS = ['areaM2', 'minLon', 'minLat', 'maxLon', 'maxLat', 'dueAt', 'updatedAt', 'before', 'after'] as const;
/** Texts by which they are filtered, as codes of a dictionary. Layers and themes stand joined, with commas around each. */
const CODES = ['month', 'district', 'type', 'state', 'layers', 'themes'] as const;
export type NumberColumn = (typeof NUMBERS)[number];
export type CodeColumn = (typeof CODES)[number];

/** Rows of patches side by side, in the order of lists: latest month first, then by number. */
export class Columns {
  readonly rows: IndexRow[];
  readonly numbers: Record<NumberColumn, Float64Array>;
  readonly codes: Record<CodeColumn, Uint32Array>;
  readonly dictionaries: Record<CodeColumn, Dictionary>;
  readonly #ofMonth = new Map<string, readonly [number, number]>();
  /** Places by month and code of district, where they were asked for. */
  readonly #ofDistrict = new Map<string, Int32Array>();

  private constructor(rows: IndexRow[], dictionaries: Record<CodeColumn, Dictionary>) {
    this.rows = rows;
    this.numbers = record(NUMBERS, () => new Float64Array(rows.length));
    this.codes = record(CODES, () => new Uint32Array(rows.length));
    this.dictionaries = dictionaries;
  }

  static of(rows: readonly IndexRow[]): Columns {
    const dictionaries = record(CODES, () => new Dictionary());
    const columns = new Columns(rows.toSorted(inOrder), dictionaries);
    for (const [place, row] of columns.rows.entries()) columns.#write(place, row);
    return columns;
  }

  /**
   * These rows with others, which take the place of those of the same month and number: here, where all are known.
   * Where some are new, what stands between is moved as it is, so that a few among many do not hold up who asks.
   */
  with(rows: readonly IndexRow[]): Columns {
    const sorted = rows.toSorted(inOrder);
    const known = sorted.map(({ month, number }) => this.#placeOf(month, number));
    if (known.includes(-1)) return this.#withNew(sorted, known);
    for (const [i, place] of known.entries()) {
      this.rows[place] = sorted[i];
      this.#write(place, sorted[i]);
    }
    this.#ofDistrict.clear();
    return this;
  }

  /** The place of a row, or -1. */
  #placeOf(month: string, number: string): number {
    const place = this.placeAfter(month, number) - 1;
    const row = this.rows[place];
    return row?.month === month && row.number === number ? place : -1;
  }

  #withNew(sorted: readonly IndexRow[], known: readonly number[]): Columns {
    const parts: IndexRow[][] = [];
    const moves: { from: number; end: number; to: number }[] = [];
    let [from, to] = [0, 0];
    const moveUpTo = (end: number) => {
      parts.push(this.rows.slice(from, end));
      moves.push({ from, end, to });
      to += end - from;
      from = end;
    };
    const written = sorted.map((row, i) => {
      moveUpTo(known[i] < 0 ? this.placeAfter(row.month, row.number) : known[i]);
      if (known[i] >= 0) from++;
      parts.push([row]);
      return to++;
    });
    moveUpTo(this.rows.length);
    const columns = new Columns(parts.flat(), this.dictionaries);
    for (const move of moves) columns.#take(this, move);
    for (const place of written) columns.#write(place, columns.rows[place]);
    return columns;
  }

  #take({ numbers, codes }: Columns, { from, end, to }: { from: number; end: number; to: number }): void {
    for (const name of NUMBERS) this.numbers[name].set(numbers[name].subarray(from, end), to);
    for (const name of CODES) this.codes[name].set(codes[name].subarray(from, end), to);
  }

  /** The first place whose row comes after this one in the order of lists. */
  placeAfter(month: string, number: string): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder(this.rows[middle], { month, number }) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** First and last place (not included) of a month. */
  ofMonth(month: string): readonly [first: number, end: number] {
    const known = this.#ofMonth.get(month);
    if (known !== undefined) return known;
    const made = [this.placeAfter(month, ''), this.placeAfter(month, '\uffff')] as const;
    // Months that nobody found anything in are without number.
    if (made[0] < made[1]) this.#ofMonth.set(month, made);
    return made;
  }

  /** The places of a month in one district, which is a code of the dictionary. */
  ofDistrict(month: string, district: number): Int32Array {
    const key = `${month} ${district}`;
    const known = this.#ofDistrict.get(key);
    if (known !== undefined) return known;
    const [first, end] = this.ofMonth(month);
    const places: number[] = [];
    for (let place = first; place < end; place++) if (this.codes.district[place] === district) places.push(place);
    const made = Int32Array.from(places);
    this.#ofDistrict.set(key, made);
    return made;
  }

  #write(place: number, row: IndexRow): void {
    const { numbers, codes, dictionaries } = this;
    for (const name of ['areaM2', 'minLon', 'minLat', 'maxLon', 'maxLat'] as const) numbers[name][place] = row[name];
    numbers.dueAt[place] = row.dueAt === null ? Number.NaN : Date.parse(row.dueAt);
    numbers.updatedAt[place] = Date.parse(row.updatedAt);
    numbers.before[place] = dayNumber(row.beforeDate);
    numbers.after[place] = dayNumber(row.afterDate);
    for (const name of ['month', 'district', 'type', 'state'] as const) {
      codes[name][place] = dictionaries[name].codeOf(row[name]);
    }
    for (const name of ['layers', 'themes'] as const) {
      codes[name][place] = dictionaries[name].codeOf(row[name].length === 0 ? '' : `,${row[name].join(',')},`);
    }
  }
}

/** YYYY-MM-DD as a number. */
export function dayNumber(day: string): number {
  return Number(day.replaceAll('-', ''));
}

type Placed = Pick<IndexRow, 'month' | 'number'>;

/** Byte order, as both databases have it: these are digits and plain letters. */
function inOrder(a: Placed, b: Placed): number {
  if (a.month !== b.month) return a.month < b.month ? 1 : -1;
  return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
}

function record<K extends string, V>(names: readonly K[], make: () => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Record<K, V>;
}
