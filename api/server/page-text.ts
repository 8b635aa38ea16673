import type { FoundPage } from '../../services/queue/index/page.ts';
import type { Found } from '../../services/queue/index/patch-index.ts';
import type { IndexRow } from '../../services/store/index-rows.ts';
import { patchItemBody } from './patch-bodies.ts';

/** Rows whose text is kept; some 50 MB. */
const mostKept = 100_000;

interface Written {
  row: IndexRow;
  /** Of its district. */
  name: string;
  /** UTF-8, with a comma after it. */
  bytes: Buffer;
}

/**
 * Pages of the list as JSON in UTF-8. What a row says is written once, until something happens to it: a row that changed
 * is another object.
 */
export class PageText {
  /** By place. */
  #kept: (Written | undefined)[] = [];
  #count = 0;

  of(
    { rows, places, total, next }: FoundPage,
    { snapshot, names }: Pick<Found, 'snapshot' | 'names'>,
  ): Uint8Array<ArrayBuffer> {
    const items: Buffer[] = [];
    const tail = Buffer.from(`],"total":${total},"next":${JSON.stringify(next)},"snapshot":"${snapshot}"}`);
    let length = HEAD.byteLength + tail.byteLength;
    for (let i = 0; i < rows.length; i++) {
      const bytes = this.#bytesOf(rows[i], places[i], names.get(rows[i].district) ?? rows[i].district);
      length += bytes.byteLength;
      items.push(bytes);
    }
    const page = Buffer.allocUnsafeSlow(length);
    page.set(HEAD);
    let at = HEAD.byteLength;
    for (const bytes of items) {
      page.set(bytes, at);
      at += bytes.byteLength;
    }
    // Over the last comma.
    const end = items.length === 0 ? at : at - 1;
    page.set(tail, end);
    return page.subarray(0, end + tail.byteLength);
  }

  #bytesOf(row: IndexRow, place: number, name: string): Buffer {
    const kept = this.#kept[place];
    if (kept?.row === row && kept.name === name) return kept.bytes;
    const bytes = Buffer.from(`${JSON.stringify(patchItemBody({ ...row, districtName: name }))},`);
    if (this.#count++ >= mostKept) {
      this.#kept = [];
      this.#count = 1;
    }
    this.#kept[place] = { row, name, bytes };
    return bytes;
  }
}

const HEAD = Buffer.from('{"patches":[');
