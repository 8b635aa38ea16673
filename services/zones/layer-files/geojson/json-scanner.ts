/** What a scan of GeoJSON text tells, byte by byte, without reading it. */
export interface ScanEvents {
  /** A feature (or what stands in its place) lies from `start` to `end`, the latter not taken in. */
  item(start: number, end: number): void;
  /** Another member of the outermost object; `deep` when it stands beside a "features" array. */
  member(key: string, start: number, end: number): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** 1: what means something, quotes and brackets; commas and colons too where features are told apart. 2: blanks. */
const DEEP = table('"{}[]', '');
const SHALLOW = table('"{}[],:', ' \t\r\n\u001e');
/** Keys longer than this are none that are looked for. */
const LONGEST_KEY = 64;

/**
 * Finds the features of GeoJSON in chunks of its bytes, however long: the elements of "features" of one outermost
 * object, wherever in it they stand, or every outermost object where it has none (a Feature, a geometry, GeoJSONSeq).
 * Brackets in strings and escapes are respected; what is between them is not looked at.
 */
export class JsonScanner {
  /** "features" arrays seen so far. */
  collections = 0;
  /** Outermost values seen so far. */
  values = 0;
  /** Where the text stopped making sense; −1 = nowhere. */
  brokenAt = -1;
  private readonly events: ScanEvents;
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Depth of the elements of "features", or −1 outside it. */
  private itemDepth = -1;
  private itemStart = -1;
  private itemEnd = -1;
  private valueStart = -1;
  private memberStart = -1;
  private hadFeatures = false;
  private key = '';
  private keyStart = -1;
  private keyBytes: number[] = [];

  constructor(events: ScanEvents) {
    this.events = events;
  }

  /** @param position of the chunk's first byte in the file */
  push(chunk: Uint8Array, position: number): void {
    const length = chunk.length;
    for (let i = 0; i < length; i++) {
      if (this.inString) {
        i = this.skipString(chunk, i);
        if (i >= length) return;
        if (this.depth === this.itemDepth) this.itemEnd = position + i + 1;
      } else {
        const isDeep = this.depth > 2 || (this.depth === 2 && this.itemDepth < 0);
        if (isDeep) while (i < length && DEEP[chunk[i]] === 0) i++;
        else while (i < length && SHALLOW[chunk[i]] === 2) i++;
        if (i >= length) return;
        if (isDeep || SHALLOW[chunk[i]] === 1) this.mark(chunk[i], position + i);
        else this.plain(position + i);
      }
      if (this.brokenAt >= 0) return;
    }
  }

  /** @returns null, or where the text ends too early */
  end(): 'in a string' | 'within brackets' | null {
    if (this.inString) return 'in a string';
    return this.depth > 0 ? 'within brackets' : null;
  }

  /** To the string's closing quote, or past the chunk. */
  private skipString(chunk: Uint8Array, from: number): number {
    let i = from;
    const collects = this.keyStart >= 0;
    for (; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.escaped) this.escaped = false;
      else if (byte === BACKSLASH) this.escaped = true;
      else if (byte === QUOTE) {
        this.inString = false;
        if (collects) this.endKey();
        return i;
      }
      if (collects && this.keyBytes.length < LONGEST_KEY) this.keyBytes.push(byte);
    }
    return i;
  }

  private endKey(): void {
    this.key = Buffer.from(this.keyBytes).toString('utf8');
    this.keyStart = -1;
  }

  /** A character that means something, outside strings. */
  private mark(byte: number, at: number): void {
    switch (byte) {
      case QUOTE:
        this.inString = true;
        if (this.depth === 1 && this.memberStart < 0) {
          this.keyStart = at;
          this.keyBytes = [];
        } else this.plain(at);
        break;
      case 0x3a: // :
        if (this.depth === 1 && this.memberStart < 0) this.memberStart = at + 1;
        break;
      case 0x2c: // ,
        if (this.depth === 1) this.endMember(at);
        else if (this.depth === this.itemDepth) this.endItem();
        break;
      case 0x7b:
      case 0x5b:
        this.open(byte, at);
        break;
      default:
        this.close(at);
    }
  }

  private open(byte: number, at: number): void {
    if (this.depth === 0) {
      this.valueStart = at;
      this.memberStart = -1;
      this.hadFeatures = false;
    } else if (this.depth === 1 && byte === 0x5b && this.key === 'features' && this.memberStart >= 0) {
      this.itemDepth = 2;
      this.itemStart = -1;
      this.memberStart = -1;
      this.hadFeatures = true;
      this.collections++;
    } else if (this.depth === this.itemDepth && this.itemStart < 0) this.itemStart = at;
    this.depth++;
  }

  private close(at: number): void {
    if (this.depth === 0) {
      this.brokenAt = at;
      return;
    }
    if (this.depth === this.itemDepth) {
      this.endItem();
      this.itemDepth = -1;
    } else if (this.depth === 1) this.endMember(at);
    this.depth--;
    if (this.depth === this.itemDepth) this.itemEnd = at + 1;
    if (this.depth > 0) return;
    this.values++;
    if (!this.hadFeatures) this.events.item(this.valueStart, at + 1);
  }

  /** Something that is neither a bracket nor a mark between them. */
  private plain(at: number): void {
    if (this.depth === 0) this.brokenAt = at;
    else if (this.depth === this.itemDepth) {
      if (this.itemStart < 0) this.itemStart = at;
      this.itemEnd = at + 1;
    }
  }

  private endItem(): void {
    if (this.itemStart >= 0) this.events.item(this.itemStart, this.itemEnd);
    this.itemStart = -1;
  }

  private endMember(at: number): void {
    if (this.memberStart >= 0) this.events.member(this.key, this.memberStart, at);
    this.memberStart = -1;
    this.key = '';
  }
}

function table(meaningful: string, blank: string): Uint8Array {
  const marks = new Uint8Array(256);
  for (const character of meaningful) marks[character.charCodeAt(0)] = 1;
  for (const character of blank) marks[character.charCodeAt(0)] = 2;
  return marks;
}
