/** What the list and the map show; lives in the address, so that it can be sent to a colleague. */
export interface Filter {
  month: string;
  district: string;
  state: string;
  type: string;
  layer: string;
  minArea: string;
  overdue: string;
}

const fields = ['month', 'district', 'state', 'type', 'layer', 'minArea', 'overdue'] as const;

export function filterFromAddress(): Filter {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(fields.map((field) => [field, query.get(field) ?? ''])) as unknown as Filter;
}

/** The chosen patch's number in the address, or null. */
export function patchFromAddress(): string | null {
  return new URLSearchParams(location.search).get('patch');
}

export function showInAddress(filter: Filter, patch: string | null): void {
  const query = filterQuery(filter);
  if (patch !== null) query.set('patch', patch);
  const text = query.toString();
  history.replaceState(null, '', location.pathname + (text === '' ? '' : `?${text}`));
}

/** The parameters of GET /patches that say the same. */
export function filterQuery(filter: Filter): URLSearchParams {
  return new URLSearchParams(fields.filter((field) => filter[field] !== '').map((field) => [field, filter[field]]));
}

/** True when something beyond the month is asked for. */
export function isNarrowed(filter: Filter): boolean {
  return fields.some((field) => field !== 'month' && filter[field] !== '');
}
