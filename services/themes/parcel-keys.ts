import type { FieldValue } from '../zones/layer-files/layer-file.ts';

/** Keys by which other registers know a parcel; each as it stands, and whether it has the form it should. */
export interface ParcelKey {
  value: string;
  /** False where it breaks the form; such a key joins nothing, and is shown as it is. */
  valid: boolean;
}

const unitFields = ['BDCDYH', 'BDCDYDM', '不动产单元代码', '不动产单元号'];
const supervisionFields = ['DZJGH', 'DZJGHM', '电子监管号'];

/**
 * 不动产单元代码, 28 characters (GB/T 37346): county 6, cadastral district 3, sub-district 3, kind of parcel 2 (G, J or
 * Z for who owns the land, then a letter for the right), number 5, kind of fixture F, L, Q or W, its number 8; W, no
 * fixture, has number 00000000.
 */
const unitForm = /^[1-9]\d{5}\d{3}\d{3}[GJZ][A-Z]\d{5}(?:[FLQ]\d{8}|W0{8})$/;

/** 电子监管号: county 6, year 4, a letter for the way of supply, a number of at least 5 digits, a part. From practice. */
const supervisionForm = /^[1-9]\d{5}(?:19|20)\d{2}[A-Z]\d{5,6}(?:-\d{1,3})?$/;

/** 不动产单元代码 of a zone, without the blanks it is often printed with; null = none is stated. */
export function realEstateUnit(properties: Readonly<Record<string, FieldValue>>): ParcelKey | null {
  return keyOf(properties, unitFields, unitForm);
}

/** 电子监管号 of a zone; null = none is stated. */
export function supervisionNumber(properties: Readonly<Record<string, FieldValue>>): ParcelKey | null {
  return keyOf(properties, supervisionFields, supervisionForm);
}

function keyOf(properties: Readonly<Record<string, FieldValue>>, names: string[], form: RegExp): ParcelKey | null {
  for (const name of names) {
    const stated = properties[name];
    // A number has lost its leading places or its last digits already: it is shown, and is not valid.
    const value = String(stated ?? '')
      .normalize('NFKC')
      .replace(/\s/g, '')
      .toUpperCase();
    if (value !== '') return { value, valid: typeof stated === 'string' && form.test(value) };
  }
  return null;
}
