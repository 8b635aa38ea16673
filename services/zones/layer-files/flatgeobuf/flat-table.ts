/**
 * Tables of flatbuffers, read where they lie. A field is found by its number over the table's own list of positions;
 * one that is not there has its default. Reads past the end throw RangeError.
 */
export class FlatTable {
  private readonly view: DataView;
  private readonly at: number;
  private readonly fields: number;
  private readonly fieldBytes: number;

  /** @param at of the table's first byte in the view */
  constructor(view: DataView, at: number) {
    this.view = view;
    this.at = at;
    this.fields = at - view.getInt32(at, true);
    this.fieldBytes = view.getUint16(this.fields, true);
  }

  /** The outermost table of a buffer that begins at `start`. */
  static root(view: DataView, start: number): FlatTable {
    return new FlatTable(view, start + view.getUint32(start, true));
  }

  byte(field: number, standard = 0): number {
    const at = this.position(field);
    return at === 0 ? standard : this.view.getUint8(at);
  }

  short(field: number, standard: number): number {
    const at = this.position(field);
    return at === 0 ? standard : this.view.getUint16(at, true);
  }

  int(field: number, standard: number): number {
    const at = this.position(field);
    return at === 0 ? standard : this.view.getInt32(at, true);
  }

  long(field: number): number {
    const at = this.position(field);
    return at === 0 ? 0 : Number(this.view.getBigUint64(at, true));
  }

  text(field: number): string | null {
    const vector = this.vector(field, 1);
    return vector === null
      ? null
      : Buffer.from(this.view.buffer, this.view.byteOffset + vector.at, vector.length).toString('utf8');
  }

  table(field: number): FlatTable | null {
    const at = this.position(field);
    return at === 0 ? null : new FlatTable(this.view, at + this.view.getUint32(at, true));
  }

  tables(field: number): FlatTable[] {
    const vector = this.vector(field, 4);
    if (vector === null) return [];
    return Array.from({ length: vector.length }, (_, i) => {
      const at = vector.at + 4 * i;
      return new FlatTable(this.view, at + this.view.getUint32(at, true));
    });
  }

  /** Where the elements of a list begin, and how many there are; all of them are there. */
  vector(field: number, elementBytes: number): { at: number; length: number } | null {
    const position = this.position(field);
    if (position === 0) return null;
    const at = position + this.view.getUint32(position, true);
    const length = this.view.getUint32(at, true);
    if (length * elementBytes > this.view.byteLength - at - 4) throw new RangeError('a list past the end');
    return { at: at + 4, length };
  }

  private position(field: number): number {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.fieldBytes) return 0;
    const offset = this.view.getUint16(this.fields + entry, true);
    return offset === 0 ? 0 : this.at + offset;
  }
}
