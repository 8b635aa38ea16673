import { ServiceError } from '../../error.ts';
import { wkbType } from '../geometry/wkb.ts';

/** Byte order and type, then a count. */
const HEADER = 5;

/**
 * The rings of polygons in little-endian OGC WKB, one after the other, read where they stand: the bytes are copied to
 * a place where numbers of eight bytes may be read, and nothing else is made. One is used for zone after zone.
 */
export class WkbRings {
  /** The ring in hand is numbers[start] .. numbers[end - 1]: x0, y0, x1, y1, … */
  numbers = new Float64Array(512);
  start = 0;
  end = 0;
  isShell = false;
  #bytes = new Uint8Array(this.numbers.buffer);
  #view = new DataView(this.numbers.buffer);
  /** Where the next thing to read stands, and how many bytes there are. */
  #at = 0;
  #length = 0;
  #polygonsLeft = 0;
  #ringsLeft = 0;
  #shellNext = false;

  /** @throws ServiceError layer-invalid for what is no polygon or line of two dimensions */
  load(wkb: Uint8Array): void {
    if (wkb.length > this.#bytes.length) this.#grow(wkb.length);
    this.#bytes.set(wkb);
    this.#at = 0;
    this.#length = wkb.length;
    this.#ringsLeft = 0;
    this.#polygonsLeft = 0;
    const type = this.#header();
    if (type === wkbType.line || type === wkbType.multiLine) return;
    if (type === wkbType.multiPolygon) this.#polygonsLeft = this.#count();
    else if (type === wkbType.polygon) this.#beginPolygon();
    else throw invalid(`is of type ${type}`);
  }

  /** Takes the next ring in hand; false when there is none. @throws ServiceError layer-invalid where bytes are missing */
  next(): boolean {
    while (this.#ringsLeft === 0) {
      if (this.#polygonsLeft === 0) return false;
      this.#polygonsLeft--;
      if (this.#header() !== wkbType.polygon) throw invalid('holds parts that are no polygons');
      this.#beginPolygon();
    }
    this.#ringsLeft--;
    this.isShell = this.#shellNext;
    this.#shellNext = false;
    const size = 16 * this.#count();
    if (this.#at + size > this.#length) throw invalid('ends in the middle of a ring');
    // Numbers can be read at multiples of eight: the few bytes before have been read.
    const aligned = this.#at & ~7;
    if (aligned !== this.#at) this.#bytes.copyWithin(aligned, this.#at, this.#at + size);
    this.start = aligned / 8;
    this.end = (aligned + size) / 8;
    this.#at += size;
    return true;
  }

  #beginPolygon(): void {
    this.#ringsLeft = this.#count();
    this.#shellNext = true;
  }

  #header(): number {
    if (this.#at + HEADER > this.#length) throw invalid('ends too early');
    if (this.#bytes[this.#at] !== 1) throw invalid('is not little-endian');
    const type = this.#view.getUint32(this.#at + 1, true);
    this.#at += HEADER;
    return type;
  }

  #count(): number {
    if (this.#at + 4 > this.#length) throw invalid('ends too early');
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  #grow(bytes: number): void {
    this.numbers = new Float64Array(2 ** Math.ceil(Math.log2(bytes / 8 + 1)));
    this.#bytes = new Uint8Array(this.numbers.buffer);
    this.#view = new DataView(this.numbers.buffer);
  }
}

function invalid(what: string): ServiceError {
  return new ServiceError(
    'layer-invalid',
    `A zone's stored shape ${what}; wanted little-endian WKB of polygons or lines.`,
  );
}
