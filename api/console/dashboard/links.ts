import type { Lifecycle } from '../../server/schemas.ts';

/** Where a figure leads: the month's page, listing those patches by the filter that GET /patches has. */
export interface Wanted {
  month: string;
  district?: string | undefined;
  state?: string | undefined;
  stage?: string | undefined;
  type?: string | undefined;
  overdue?: 'true' | undefined;
}

export function listOf(wanted: Wanted): string {
  const named = Object.entries(wanted).filter(([, value]) => value !== undefined && value !== '');
  return `./?${new URLSearchParams(named as [string, string][])}`;
}

/** The page of one patch, by its number (JCBH): district, year and month, sequence. */
export function patchOf(number: string): string {
  return `./?${new URLSearchParams({ month: `${number.slice(6, 10)}-${number.slice(10, 12)}`, patch: number })}`;
}

/** Names of the states of an outcome, as a filter takes them. */
export function statesOf({ states }: Lifecycle, outcome: string): string {
  const rows = states.patch.filter((state) => state.outcome === outcome);
  return rows.map(({ name }) => name).join(',');
}

/** States past the task's going out. */
export function pastWarning({ states }: Lifecycle): string {
  const rows = states.patch.filter(
    ({ name, outcome }) => outcome !== 'replaced' && name !== 'found' && name !== 'dismissed',
  );
  return rows.map(({ name }) => name).join(',');
}
