import type { FieldValue } from '../layer-files/layer-file.ts';

/**
 * One record of RFC 4180, with its line end. No value is nothing between the commas; an empty text is a pair of
 * quotes, so that the two can be told apart.
 */
export function csvLine(values: readonly (FieldValue | undefined)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: FieldValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  return value === '' || /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
