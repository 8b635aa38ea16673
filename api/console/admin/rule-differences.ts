/** One value that differs: where it stands, and what it is in either; '' = it is not there. */
export interface Difference {
  path: string;
  before: string;
  after: string;
}

/**
 * What differs between two documents of the same form. Members of a list that have an id are the same where that is,
 * wherever they stand.
 */
export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  const [one, two] = [membersOf(before), membersOf(after)];
  if (one === null || two === null) {
    const [was, is] = [textOf(before), textOf(after)];
    return was === is ? [] : [{ path, before: was, after: is }];
  }
  const names = [...new Set([...one.keys(), ...two.keys()])];
  return names.flatMap((name) => differencesOf(one.get(name), two.get(name), path === '' ? name : `${path}.${name}`));
}

function membersOf(value: unknown): Map<string, unknown> | null {
  if (typeof value !== 'object' || value === null) return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  return new Map(value.map((member, place) => [nameOf(member) ?? String(place), member]));
}

function nameOf(member: unknown): string | null {
  const id = (member as { id?: unknown } | null)?.id;
  return typeof id === 'string' ? id : null;
}

function textOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value);
}
