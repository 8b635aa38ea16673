import type { FieldValue, LayerField } from '../layer-files/layer-file.ts';

/**
 * The columns that features have, told from their values, for layers of which no file said: in the order they come,
 * a type only where every value is of it, else text.
 */
export class ColumnSurvey {
  readonly #types = new Map<string, LayerField['type'] | null>();

  add(properties: Readonly<Record<string, FieldValue>>): void {
    for (const [name, value] of Object.entries(properties)) {
      const known = this.#types.get(name);
      const type = value === null ? null : typeOf(value);
      this.#types.set(name, joined(known ?? null, type));
    }
  }

  fields(): LayerField[] {
    return [...this.#types].map(([name, type]) => ({ name, type: type ?? 'text', width: null, decimals: null }));
  }
}

function typeOf(value: string | number | boolean): LayerField['type'] {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number';
  return 'text';
}

function joined(a: LayerField['type'] | null, b: LayerField['type'] | null): LayerField['type'] | null {
  if (a === null || b === null) return a ?? b;
  if (a === b) return a;
  const numbers = [a, b].every((type) => type === 'integer' || type === 'number');
  return numbers ? 'number' : 'text';
}
