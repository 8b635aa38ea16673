import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bytesAt, closeDescriptors, endingOf, hashFile, hashOfParts, sizeOf } from '../file-bytes.ts';
import type { LayerField, OpenLayerOptions } from '../layer-file.ts';
import type { DbfField, ShapefileReading } from '../layer-reading.ts';
import type { LayerSource, SourceField, SourcePiece } from '../layer-source.ts';
import { readLongNames } from '../long-names.ts';
import { statedByWkt } from '../stated-crs.ts';
import { decoderOf, EncodingEvidence } from '../text-encoding.ts';
import { decideEncoding, refuseText } from './dbf-encoding.ts';
import { type DbfHeader, readDbfHeader } from './dbf-header.ts';
import { type DbfSurvey, surveyDbf } from './dbf-survey.ts';
import type { ShapefilePlace } from './read-shapefile.ts';
import { indexShp, type ShpIndex } from './shp-index.ts';
import { shapeTypeName } from './shp-records.ts';

/** Endings of the files a shapefile is made of, in the order they are hashed. */
const PARTS = ['.shp', '.dbf', '.shx', '.prj', '.cpg'] as const;
/** A piece is no longer than this, however few features that are. */
const MOST_PIECE_BYTES = 32 * 1024 * 1024;
const SAMPLES = 4;
const SAMPLE_RECORDS = 250;

type Parts = Partial<Record<(typeof PARTS)[number] | '.fields.csv', string>>;

/**
 * Opens a shapefile: its .shp at `file`, beside it in any letter case .dbf, .shx, .prj, .cpg and the .fields.csv that
 * Tuban's own exports have. Each of them may be missing.
 * @param path the same as the user knows it
 */
export async function openShapefile(
  file: string,
  path: string,
  pieceSize: number,
  options: OpenLayerOptions,
): Promise<LayerSource> {
  const parts = partsOf(file);
  const index = indexShp(file, parts['.shx'] ?? null, path);
  const header = parts['.dbf'] === undefined ? null : readDbfHeader(parts['.dbf'], path);
  const notes = notesOn(index, sizeOf(file), parts);
  if (header !== null) settleRecords(header, index.offsets.length, notes);
  const survey = header === null ? null : await surveyDbf(header.layout, header.names);
  const encoding = nameFields(path, header, survey, { option: options.encoding, cpg: textOf(parts['.cpg']) });
  if (survey !== null && survey.deleted > 0)
    notes.push(`${survey.deleted} records are marked as deleted in the .dbf and left out`);
  const records = Math.max(index.offsets.length, header?.layout.records ?? 0);
  const fields = fieldsOf(header, parts, notes);
  const reading: ShapefileReading = {
    ...{ format: 'shapefile', path, file, names: {}, asText: [], swapped: false, projectFrom: null },
    ...{ dbf: header?.layout ?? null, shpBytes: sizeOf(file), encoding: encoding.name },
  };
  const used = PARTS.flatMap((ending) => parts[ending] ?? []);
  const hashed = [];
  for (const part of used) {
    hashed.push({ path: part, sha256: part === parts['.dbf'] ? survey!.sha256 : await hashFile(part) });
  }
  return {
    ...{
      format: 'shapefile',
      path,
      fields,
      encoding,
      notes,
      reading,
      count: records - (survey?.deleted ?? 0),
      span: records,
    },
    sha256: hashOfParts(hashed),
    bytes: used.reduce((sum, part) => sum + sizeOf(part), 0),
    stated: statedByWkt(textOf(parts['.prj']), 'the .prj', 'no .prj'),
    samples: samplesOf(index, records),
    pieces: () => piecesOf(index, records, pieceSize, header?.layout.recordBytes ?? 0),
    close: () => {
      for (const part of used) closeDescriptors(part);
    },
  };
}

/** Files beside a .shp with its name, in any letter case; of several the one with exactly its name. */
function partsOf(file: string): Parts {
  const stem = basename(file).slice(0, -endingOf(file).length || undefined);
  const parts: Parts = { '.shp': file };
  for (const name of readdirSync(dirname(file)).sort()) {
    const ending = name.slice(stem.length).toLowerCase() as keyof Parts;
    const known = ending === '.fields.csv' || (ending !== '.shp' && (PARTS as readonly string[]).includes(ending));
    if (!known || name.slice(0, stem.length).toLowerCase() !== stem.toLowerCase()) continue;
    if (parts[ending] === undefined || name.startsWith(stem)) parts[ending] = join(dirname(file), name);
  }
  return parts;
}

function textOf(part: string | undefined): string | null {
  return part === undefined ? null : bytesAt(part, 0, Math.min(sizeOf(part), 65_536)).toString('utf8');
}

function notesOn(index: ShpIndex, shpBytes: number, parts: Parts): string[] {
  const notes: string[] = [];
  if (index.walked !== null) notes.push(index.walked);
  if (parts['.dbf'] === undefined) notes.push('no .dbf: its features have no attributes');
  if (shpBytes < index.statedBytes)
    notes.push(`the .shp is cut off: ${shpBytes} of ${index.statedBytes} bytes are there`);
  if (shapeTypeName(index.shapeType) === null)
    notes.push(`the .shp states shape type ${index.shapeType}, which is none`);
  return notes;
}

/** How many records the .dbf has: as stated, unless the file has fewer, or the .shp as many as the file has more. */
function settleRecords({ layout }: DbfHeader, shapes: number, notes: string[]): void {
  const { records: present, stated } = layout;
  layout.records = shapes > stated && present >= shapes ? shapes : Math.min(stated, present);
  if (present < stated) notes.push(`the .dbf is cut off: ${present} of ${stated} records are there`);
  if (layout.records > stated) notes.push(`the .dbf states ${stated} records and has ${present}: read as the .shp has`);
  else if (shapes !== stated) notes.push(`the .shp has ${shapes} shapes, the .dbf ${stated} records`);
}

/** Decides on the encoding and gives the fields their names in it. */
function nameFields(
  path: string,
  header: DbfHeader | null,
  survey: DbfSurvey | null,
  said: { option: string | undefined; cpg: string | null },
): { name: string; because: string } {
  const evidence = survey?.evidence ?? new EncodingEvidence();
  const encoding = decideEncoding(path, { ...said, languageId: header?.languageId ?? 0, evidence });
  const decode = decoderOf(encoding.name);
  const taken = new Set<string>();
  header?.layout.fields.forEach((field, i) => {
    const name = decode(header.names[i], true)?.trim() ?? refuseText(path, encoding.name, 0, '', header.names[i]);
    field.name = name === '' ? `field${i + 1}` : name;
    for (let n = 2; taken.has(field.name); n++) field.name = `${name}_${n}`;
    taken.add(field.name);
  });
  const odd = evidence.notUtf8;
  if (encoding.name === 'utf-8' && odd) {
    refuseText(path, 'utf-8', odd.record, header!.layout.fields[odd.field].name, odd.bytes);
  }
  return encoding;
}

function fieldsOf(header: DbfHeader | null, parts: Parts, notes: string[]): SourceField[] {
  const long = readLongNames(parts['.fields.csv'] === undefined ? null : textOf(parts['.fields.csv']));
  return (header?.layout.fields ?? []).map((field) => {
    const type = typeOf(field);
    if (type === null) notes.push(`field ${field.name} is of type ${field.type}, kept in another file: read as empty`);
    const known = long.get(field.name);
    const isText = field.type === 'C';
    const plain = { width: isText || field.type === 'N' || field.type === 'F' ? field.width : null };
    return {
      ...{
        source: field.name,
        name: known?.long ?? field.name,
        type: known?.type ?? type ?? 'text',
        width: plain.width,
      },
      decimals: field.type === 'N' || field.type === 'F' ? field.decimals : null,
    };
  });
}

function typeOf({ type, decimals, width }: DbfField): LayerField['type'] | null {
  if (type === 'C') return 'text';
  if (type === 'N' || type === 'F') return decimals === 0 && type === 'N' ? 'integer' : 'number';
  if (type === 'D') return 'date';
  if (type === 'L') return 'boolean';
  if (type === 'I' || type === '+') return 'integer';
  if (type === 'O' || (type === 'B' && width === 8)) return 'number';
  return type === '@' || type === 'T' ? 'datetime' : null;
}

function* piecesOf(index: ShpIndex, records: number, pieceSize: number, recordBytes: number): Iterable<SourcePiece> {
  for (let first = 0; first < records; ) {
    let count = 0;
    for (let bytes = 0; count < pieceSize && first + count < records && bytes < MOST_PIECE_BYTES; count++) {
      bytes += (index.lengths[first + count] ?? 0) + recordBytes;
    }
    yield pieceAt(index, first, count);
    first += count;
  }
}

/** Some from the beginning, the end and between. */
function samplesOf(index: ShpIndex, records: number): SourcePiece[] {
  if (records <= SAMPLES * SAMPLE_RECORDS) return records === 0 ? [] : [pieceAt(index, 0, records)];
  const step = (records - SAMPLE_RECORDS) / (SAMPLES - 1);
  return Array.from({ length: SAMPLES }, (_, i) => pieceAt(index, Math.floor(i * step), SAMPLE_RECORDS));
}

function pieceAt({ offsets, lengths }: ShpIndex, first: number, count: number): SourcePiece {
  // Copies: a view would take the whole index along to the thread.
  const place: ShapefilePlace = {
    ...{ record: first, count, offsets: offsets.slice(first, first + count) },
    lengths: lengths.slice(first, first + count),
  };
  return { first, count, place };
}
