/** What list, map, counts and export show; lives in the address, so that it can be sent to a colleague. */
const fields = [
  'month',
  'district',
  'theme',
  'layer',
  'type',
  'state',
  'stage',
  'overdue',
  'minArea',
  'maxArea',
  'bbox',
  'text',
  'assignee',
  'filter',
] as const;

export type Field = (typeof fields)[number];
/** By the names of GET /patches; '' where it does not restrict. */
export type Filter = Record<Field, string>;

export function filterFromAddress(): Filter {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(fields.map((field) => [field, query.get(field) ?? ''])) as Filter;
}

/** The chosen patch's number in the address, or null. */
export function patchFromAddress(): string | null {
  return new URLSearchParams(location.search).get('patch');
}

/** Another filter is a step that the browser can go back from; another patch is none. */
export function showInAddress(filter: Filter, patch: string | null, asStep: boolean): void {
  const query = filterQuery(filter);
  if (patch !== null) query.set('patch', patch);
  // The whole page for one patch is the patch's matter, and stays.
  if (new URLSearchParams(location.search).get('full') === '1') query.set('full', '1');
  const text = query.toString();
  const address = location.pathname + (text === '' ? '' : `?${text}`);
  if (asStep) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** The parameters of GET /patches that say the same, but for some. */
export function filterQuery(filter: Filter, without: readonly Field[] = []): URLSearchParams {
  const asked = fields.filter((field) => filter[field] !== '' && !without.includes(field));
  return new URLSearchParams(asked.map((field) => [field, filter[field]]));
}

/** The fields that ask for something beyond the month. */
export function narrowedBy(filter: Filter): Field[] {
  return fields.filter((field) => field !== 'month' && filter[field] !== '');
}

/** The month, and nothing else. */
export function cleared(filter: Filter): Filter {
  return { ...(Object.fromEntries(fields.map((field) => [field, ''])) as Filter), month: filter.month };
}

/** A list of values, separated by commas, with one more or one less. */
export function toggled(list: string, value: string): string {
  const values = list === '' ? [] : list.split(',');
  return (values.includes(value) ? values.filter((one) => one !== value) : [...values, value]).join(',');
}

/** The box in the form of the address: five decimals are a metre. */
export function boxText(box: readonly number[]): string {
  return box.map((degrees) => degrees.toFixed(5)).join(',');
}

/** The numbers of such a text, or null where it holds none. */
export function boxOf(text: string): number[] | null {
  const box = text.split(',').map(Number);
  return box.length === 4 && text !== '' && box.every(Number.isFinite) ? box : null;
}
