import type { FoundPage } from '../../services/queue/index/page.ts';
import type { Found } from '../../services/queue/index/patch-index.ts';
import type { IndexRow } from '../../services/store/index-rows.ts';
import { patchItemBody } from './patch-bodies.ts';

/** Rows whose text is kept; some 50 MB. */
const mostKept = 100_000;
const unnamed = '"districtName":""';

/**
 * Pages of the list as JSON text. What a row says is written once, until something happens to it: a row that changed is
 * another object. The name of its district is put in each time.
 */
export class PageText {
  /** By place, with the row that it was written of. */
  #kept: (Written | undefined)[] = [];
  #count = 0;

  of({ rows, places, total, next }: FoundPage, { snapshot, names }: Pick<Found, 'snapshot' | 'names'>): string {
    const quoted = new Map<string, string>();
    const nameOf = (district: string) => {
      const known = quoted.get(district);
      if (known !== undefined) return known;
      const name = JSON.stringify(names.get(district) ?? district);
      quoted.set(district, name);
      return name;
    };
    const items: string[] = [];
    for (const [i, row] of rows.entries()) {
      const { before, after } = this.#textOf(row, places[i]);
      items.push(before + nameOf(row.district) + after);
    }
    return `{"patches":[${items.join(',')}],"total":${total},"next":${JSON.stringify(next)},"snapshot":"${snapshot}"}`;
  }

  #textOf(row: IndexRow, place: number): Written {
    const kept = this.#kept[place];
    if (kept?.row === row) return kept;
    const text = JSON.stringify(patchItemBody({ ...row, districtName: '' }));
    const at = text.indexOf(unnamed) + unnamed.length - 2;
    const written = { row, before: text.slice(0, at), after: text.slice(at + 2) };
    if (this.#count++ >= mostKept) {
      this.#kept = [];
      this.#count = 1;
    }
    this.#kept[place] = written;
    return written;
  }
}

interface Written {
  row: IndexRow;
  before: string;
  after: string;
}
