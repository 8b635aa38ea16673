import { refuseLayer } from '../layer-refusal.ts';
import type { LayerField } from './layer-file.ts';
import type { LayerSource, SourceField } from './layer-source.ts';

export interface UnitedFields {
  fields: LayerField[];
  /** For each source: new names by the file's own, and its fields that the layer holds as text. */
  sources: { names: Record<string, string>; asText: string[] }[];
}

/**
 * The fields of all files of a layer, by name, after renaming: a field that is text in one file is text in all.
 * @param renames new names by those in the files (long or short)
 * @throws ServiceError layer-invalid: a name to be changed that no file has, two fields of one name
 */
export function uniteFields(
  path: string,
  sources: readonly Pick<LayerSource, 'fields' | 'path'>[],
  renames: Readonly<Record<string, string>> = {},
): UnitedFields {
  refuseUnknown(path, sources, renames);
  const united = new Map<string, LayerField>();
  const named = sources.map((source) => {
    const names = namesIn(source, renames);
    for (const field of source.fields) {
      const name = names.get(field.source)!;
      const before = united.get(name);
      const { source: _, ...own } = field;
      united.set(name, before === undefined ? { ...own, name } : widened(before, own));
    }
    return { source, names };
  });
  return {
    fields: [...united.values()],
    sources: named.map(({ source, names }) => ({
      names: Object.fromEntries([...names].filter(([own, name]) => own !== name)),
      asText: source.fields
        .filter((field) => field.type !== 'text' && united.get(names.get(field.source)!)!.type === 'text')
        .map((field) => field.source),
    })),
  };
}

function namesIn(
  source: Pick<LayerSource, 'fields' | 'path'>,
  renames: Readonly<Record<string, string>>,
): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const field of source.fields) {
    const name = renameOf(field, renames) ?? field.name;
    const other = taken.get(name);
    if (other !== undefined) {
      refuseLayer(
        source.path,
        null,
        `would have two fields ${name} (${other} and ${field.source}): rename one with --field`,
      );
    }
    taken.set(name, field.source);
    names.set(field.source, name);
  }
  return names;
}

function renameOf(field: SourceField, renames: Readonly<Record<string, string>>): string | undefined {
  const from = [field.name, field.source].find((name) => Object.hasOwn(renames, name));
  return from === undefined ? undefined : renames[from];
}

function refuseUnknown(path: string, sources: readonly Pick<LayerSource, 'fields'>[], renames: object): void {
  const known = new Set(sources.flatMap(({ fields }) => fields.flatMap(({ name, source }) => [name, source])));
  const unknown = Object.keys(renames).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const fields = [...new Set(sources.flatMap(({ fields: own }) => own.map(({ name }) => name)))].join(', ');
  refuseLayer(path, null, `has no field ${unknown.join(', ')} to rename; it has ${fields || 'none'}`);
}

function widened(a: LayerField, b: LayerField): LayerField {
  const numeric = [a.type, b.type].every((type) => type === 'integer' || type === 'number');
  const type = a.type === b.type ? a.type : numeric ? 'number' : 'text';
  const width = a.width === null || b.width === null ? null : Math.max(a.width, b.width);
  const decimals =
    type === 'text' || (a.decimals === null && b.decimals === null) ? null : Math.max(a.decimals ?? 0, b.decimals ?? 0);
  return { name: a.name, type, width, decimals };
}
