import type { LayerField } from '../layer-files/layer-file.ts';

/**
 * The columns in which offices exchange patches, in the order and with the widths they use. A width is in characters:
 * where an encoding needs more bytes for them, a shapefile's column is wider.
 */
export const EXCHANGE_COLUMNS: readonly LayerField[] = [
  text('XZQDM', 12),
  text('XMC', 100),
  text('JCBH', 20),
  text('TBLX', 10),
  text('TZ', 254),
  day('QSX'),
  day('HSX'),
  text('DLBM', 5),
  text('DLMC', 60),
  text('SFYN', 2),
  text('SFHX', 2),
  area('MJ', 15),
  text('BZ', 254),
  area('MJM', 15),
];

/** What Tuban knows beyond them. */
export const OWN_COLUMNS: readonly LayerField[] = [
  text('id', 40),
  text('month', 7),
  text('state', 30),
  text('due', 24),
  number('score'),
  number('confidence'),
  number('observed'),
  text('layers', 254),
  { name: 'version', type: 'integer', width: 9, decimals: 0 },
  text('createdAt', 24),
  text('updatedAt', 24),
];

function text(name: string, width: number): LayerField {
  return { name, type: 'text', width, decimals: null };
}

function day(name: string): LayerField {
  return { name, type: 'date', width: 8, decimals: null };
}

function area(name: string, width: number): LayerField {
  return { name, type: 'number', width, decimals: 2 };
}

function number(name: string): LayerField {
  return { name, type: 'number', width: null, decimals: null };
}
