import { readFile } from 'node:fs/promises';
import { estimateMap, type MapEstimate, type SampledMap } from '../../detectors/olofsson.ts';
import { ServiceError } from '../error.ts';

/** Units that mapped areas may be told in, by what a CSV and what a JSON calls them, in m². 1 m² = 0.0015 亩 exactly. */
const units = [
  { column: 'area_m2', field: 'areaM2', m2: 1 },
  { column: 'area_ha', field: 'areaHa', m2: 1e4 },
  { column: 'area_km2', field: 'areaKm2', m2: 1e6 },
  { column: 'area_mu', field: 'areaMu', m2: 1 / 0.0015 },
] as const;

const columnNames = units.map(({ column }) => column).join(', ');
const fieldNames = units.map(({ field }) => field).join(', ');
const mostBytes = 2 ** 20;

/**
 * Estimates accuracy and areas (in m²) from a file of sample counts, map × reference, and mapped areas.
 *
 *     map,forest,field,area_ha             {"classes": ["forest", "field"],
 *     forest,66,4,18000             or      "samples": [[66, 4], [1, 153]],
 *     field,1,153,288000                    "areaHa": [18000, 288000]}
 *
 * @throws ServiceError bad-input
 */
export async function estimateMapOfFile(path: string): Promise<MapEstimate> {
  const refuse: Refuse = (problem, cause) => {
    throw new ServiceError('bad-input', `${path}: ${problem}.`, undefined, cause);
  };
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const got = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    return refuse(`wanted a table of sample counts, but ${got}`, error);
  });
  if (bytes.length === 0) refuse('wanted a table of sample counts, got an empty file (0 bytes)');
  if (bytes.length > mostBytes) refuse(`wanted a table of sample counts, got ${bytes.length} bytes`);
  const text = decoded(bytes).trim();
  const map = text.startsWith('{') ? mapOfJson(text, refuse) : mapOfCsv(text, refuse);
  try {
    return estimateMap(map);
  } catch (error) {
    if (error instanceof RangeError) return refuse(error.message, error);
    throw error;
  }
}

type Refuse = (problem: string, cause?: unknown) => never;

/** UTF-8, or what Chinese spreadsheets write. */
function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

function mapOfCsv(text: string, refuse: Refuse): SampledMap {
  const [head, ...rows] = text.split(/\r?\n/).map(cellsOf);
  const unit = units.find(({ column }) => column === head.at(-1)?.toLowerCase());
  if (unit === undefined) {
    return refuse(`wanted the mapped areas in a last column ${columnNames}, got '${shortened(head.at(-1)!)}'`);
  }
  const classes = head.slice(1, -1);
  const samples: number[][] = [];
  const mappedAreas: number[] = [];
  for (const [name, ...cells] of rows) {
    if (cells.length !== classes.length + 1)
      refuse(`wanted ${classes.length} counts and an area in the row '${shortened(name)}', got ${cells.length} cells`);
    const i = classes.indexOf(name);
    if (i < 0) refuse(`wanted rows for the classes ${classes.join(', ')}, got '${shortened(name)}'`);
    if (samples[i]) refuse(`has two rows for ${name}`);
    const numbers = cells.map((cell) => (cell === '' ? Number.NaN : Number(cell)));
    const odd = numbers.findIndex((number) => Number.isNaN(number));
    if (odd >= 0) refuse(`wanted numbers in the row ${name}, got '${shortened(cells[odd])}'`);
    samples[i] = numbers.slice(0, -1);
    mappedAreas[i] = numbers.at(-1)! * unit.m2;
  }
  const lacking = classes.find((_, i) => samples[i] === undefined);
  if (lacking !== undefined) refuse(`has no row for ${shortened(lacking)}`);
  return { classes, samples, mappedAreas };
}

/** Cells of a line, without the quotes that let a cell hold a comma. */
function cellsOf(line: string): string[] {
  const cells = line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? [];
  // The pattern matches once more at the end of a line that does not end in a comma.
  const wanted = line.endsWith(',') ? cells : cells.slice(0, -1);
  return wanted.map((cell) => {
    const bare = cell.replace(/,$/, '').trim();
    return bare.startsWith('"') ? bare.slice(1, -1).replaceAll('""', '"') : bare;
  });
}

function mapOfJson(text: string, refuse: Refuse): SampledMap {
  const table = parsed(text, refuse);
  const unit = units.find(({ field }) => field in table);
  if (unit === undefined) return refuse(`wanted the mapped areas as one of ${fieldNames}, got none`);
  const { classes, samples } = table;
  if (!isListOf(classes, 'string')) return refuse('wanted classes as an array of names');
  if (!Array.isArray(samples) || !samples.every((row) => isListOf(row, 'number')))
    return refuse('wanted samples as an array of arrays of counts');
  const areas = table[unit.field];
  if (!isListOf(areas, 'number')) return refuse(`wanted ${unit.field} as an array of numbers`);
  return {
    classes: classes as string[],
    samples: samples as number[][],
    mappedAreas: (areas as number[]).map((area) => area * unit.m2),
  };
}

function parsed(text: string, refuse: Refuse): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    return refuse(`is not JSON (${(error as Error).message.split('\n')[0]})`, error);
  }
}

function isListOf(value: unknown, type: 'string' | 'number'): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === type);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
