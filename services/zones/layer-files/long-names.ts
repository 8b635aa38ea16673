import type { LayerField } from './layer-file.ts';

const TYPES: readonly string[] = ['text', 'integer', 'number', 'boolean', 'date', 'datetime'];

/**
 * Reads NAME.fields.csv, which Tuban's exports put beside a shapefile whose field names had to be shortened: columns
 * short, long, type. What is no such file says nothing.
 */
export function readLongNames(text: string | null): Map<string, { long: string; type: LayerField['type'] | null }> {
  const names = new Map<string, { long: string; type: LayerField['type'] | null }>();
  const [head, ...rows] = (text ?? '').replace(/^\uFEFF/, '').split(/\r?\n/);
  if (!/^short,long,type\s*$/i.test(head)) return names;
  for (const row of rows) {
    const [short, long, type] = cellsOf(row);
    if (short && long) names.set(short, { long, type: TYPES.includes(type) ? (type as LayerField['type']) : null });
  }
  return names;
}

function cellsOf(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain.trim(),
  );
}
