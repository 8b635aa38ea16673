import type { FoundPage } from '../../services/queue/index/page.ts';
import type { Found } from '../../services/queue/index/patch-index.ts';
import type { IndexRow } from '../../services/store/index-rows.ts';
import { patchItemBody } from './patch-bodies.ts';

/** Rows whose text is kept; some 25 MB. */
const mostKept = 50_000;
const unnamed = '"districtName":""';

/**
 * Pages of the list as JSON text. What a row says is written once, until something happens to it: a row that changed is
 * another object. The name of its district is put in each time.
 */
export class PageText {
  readonly #kept = new Map<IndexRow, [before: string, after: string]>();

  of({ rows, total, next }: FoundPage, { snapshot, names }: Pick<Found, 'snapshot' | 'names'>): string {
    const quoted = new Map<string, string>();
    const nameOf = (district: string) => {
      const known = quoted.get(district);
      if (known !== undefined) return known;
      const name = JSON.stringify(names.get(district) ?? district);
      quoted.set(district, name);
      return name;
    };
    const items: string[] = [];
    for (const row of rows) {
      const [before, after] = this.#textOf(row);
      items.push(before + nameOf(row.district) + after);
    }
    return `{"patches":[${items.join(',')}],"total":${total},"next":${JSON.stringify(next)},"snapshot":"${snapshot}"}`;
  }

  #textOf(row: IndexRow): [string, string] {
    const kept = this.#kept.get(row);
    if (kept !== undefined) return kept;
    const text = JSON.stringify(patchItemBody({ ...row, districtName: '' }));
    const at = text.indexOf(unnamed) + unnamed.length - 2;
    const parts: [string, string] = [text.slice(0, at), text.slice(at + 2)];
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(row, parts);
    return parts;
  }
}
