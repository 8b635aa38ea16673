/** Names of actors as they are compared. */

const BRACKETS = /[()[\]{}<>〈〉《》【】〔〕「」]/g;
const FORMS =
  /(集团股份有限公司|集团有限责任公司|集团有限公司|有限责任公司|股份有限公司|有限公司|分公司|总公司|公司|集团|股份|coltd|ltd|inc)$/;
const VILLAGE = /(村民委员会|居民委员会|村委会|居委会|村民小组)$/;

/**
 * The same name written otherwise has the same key: full-width letters, blanks, letter case and the shape of brackets do
 * not count. '' of a name that is none.
 */
export function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/[[{<〈《【〔「]/g, '(')
    .replace(/[\]}>〉》】〕」]/g, ')')
    .toLowerCase();
}

/** What is left of a name without its legal form, brackets and dots: what likely duplicates have in common. */
export function coreName(name: string): string {
  const plain = nameKey(name)
    .replace(BRACKETS, '')
    .replace(/[·.,、。，'"“”‘’\-—_/&]/g, '');
  for (const ending of [FORMS, VILLAGE]) {
    const core = plain.replace(ending, '');
    if (core !== plain && core.length >= 2) return core;
  }
  return plain;
}

/** Least number of characters put in, left out or changed that make one text of the other. */
export function editDistance(a: string, b: string): number {
  const [long, short] = [[...a], [...b]].sort((x, y) => y.length - x.length);
  let row = Array.from({ length: short.length + 1 }, (_, i) => i);
  long.forEach((character, i) => {
    const next = [i + 1];
    short.forEach((other, j) => {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (character === other ? 0 : 1)));
    });
    row = next;
  });
  return row[short.length];
}
