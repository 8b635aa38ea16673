/** The places that a report can be of; pure. */

/** '' = the whole, then provinces (2 digits), prefectures (4) and counties (6) over these codes, in order. */
export function scopesOver(codes: Iterable<string>): string[] {
  const scopes = new Set(['']);
  for (const code of codes) {
    for (const digits of [2, 4, 6]) if (code.length >= digits) scopes.add(code.slice(0, digits));
  }
  return [...scopes].sort();
}

export function within<T extends { district: string }>(rows: readonly T[], code: string): T[] {
  return rows.filter(({ district }) => district.startsWith(code));
}

/** Counties among scopes, under one of them. */
export function countiesOf<T extends { code: string }>(scopes: readonly T[], code: string): T[] {
  return scopes.filter((scope) => scope.code.length === 6 && scope.code.startsWith(code));
}
