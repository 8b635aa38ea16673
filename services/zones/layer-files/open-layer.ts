import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { closeDescriptors, hashFile } from './file-bytes.ts';
import { type FoundFiles, findLayerFiles } from './find-layer-files.ts';
import { openFlatgeobuf } from './flatgeobuf/open-flatgeobuf.ts';
import { openGeojson } from './geojson/open-geojson.ts';
import { openGeopackage } from './geopackage/open-geopackage.ts';
import { type CrsDecision, decideCrs } from './layer-crs.ts';
import type { LayerCrs, LayerPiece, OpenLayer, OpenLayerOptions } from './layer-file.ts';
import type { LayerReading } from './layer-reading.ts';
import type { LayerSource } from './layer-source.ts';
import { type PiecePlace, readPlace } from './read-piece.ts';
import { openShapefile } from './shapefile/open-shapefile.ts';
import { uniteFields } from './unite-fields.ts';

const PIECE_SIZE = 2000;
/** What layers are in whose files differ in their CRS: each is taken there while it is read. */
const COMMON_CRS = 'EPSG:4490';

/**
 * Opens a layer file by what it holds, whatever it is called: a shapefile, GeoPackage, GeoJSON, GeoJSONSeq or
 * FlatGeobuf; a zip of one of them; or a folder of files of one format, which are one layer in order of their names.
 * It is read through once for what holds for all of it: hash, counts, fields, encoding, CRS. pieces() then goes
 * through it, as often as wanted, for readPiece with `reading`.
 * @throws ServiceError layer-invalid, one line with the file, what was wanted and got, and what to do
 */
export async function openLayer(path: string, options: OpenLayerOptions): Promise<OpenLayer> {
  const found = await findLayerFiles(path, options.sourceLayer);
  const sources: LayerSource[] = [];
  const close = async () => {
    for (const source of sources) source.close();
    if (found.temporary !== null) await rm(found.temporary, { recursive: true, force: true });
  };
  try {
    for (const file of found.files) sources.push(await openSource(file, found, options));
    return { ...join(path, sources, options, found.notes), files: await hashed(found, sources), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openSource(
  { file, path, kind }: FoundFiles['files'][number],
  { chosen }: FoundFiles,
  options: OpenLayerOptions,
): Promise<LayerSource> {
  const pieceSize = options.pieceSize ?? PIECE_SIZE;
  switch (kind) {
    case 'shapefile':
      return openShapefile(file, path, pieceSize, options);
    case 'geopackage':
      return openGeopackage(file, path, pieceSize, chosen ? undefined : options.sourceLayer);
    case 'flatgeobuf':
      return openFlatgeobuf(file, path, pieceSize);
    case 'json':
      return openGeojson(file, path, pieceSize, options);
  }
}

/** A zip counts by itself: what is in it has no place of its own. */
async function hashed({ archive }: FoundFiles, sources: readonly LayerSource[]): Promise<OpenLayer['files']> {
  if (archive === null) return sources.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }));
  const sha256 = await hashFile(archive);
  closeDescriptors(archive);
  return [{ path: archive, sha256, bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0) }];
}

function join(
  path: string,
  sources: readonly LayerSource[],
  options: OpenLayerOptions,
  notes: readonly string[],
): Omit<OpenLayer, 'files' | 'close'> {
  const united = uniteFields(path, sources, options.fields);
  const decisions = sources.map((source) => decideCrs({ ...cluesOf(source), ...crsOptions(options) }));
  const crs = commonCrs(decisions);
  const reading: LayerReading = {
    crs: crs.crs,
    files: sources.map((source, i) => ({
      ...{ ...source.reading, ...united.sources[i], swapped: decisions[i].swapped },
      projectFrom: decisions[i].crs.crs === crs.crs ? null : decisions[i].crs.crs,
    })),
  };
  return {
    ...{ format: sources[0].format, fields: united.fields, crs, encoding: commonEncoding(sources), reading },
    count: sources.reduce((sum, { count }) => sum + count, 0),
    bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0),
    notes: [...notes, ...sources.flatMap((source, i) => notesOf(source, decisions[i], sources.length > 1))],
    pieces: () => piecesOf(sources),
  };
}

/** First points of some features from all over the file. */
function cluesOf({ path, stated, samples, reading }: LayerSource) {
  const points: [number, number][] = [];
  for (const { place } of samples) {
    for (const { geometry } of readPlace(reading, place, 0)) {
      const path = geometry?.parts[0]?.[0];
      if (path !== undefined) points.push([path[0], path[1]]);
    }
  }
  return { path, stated, points };
}

function crsOptions({ crs, districtsBox }: OpenLayerOptions) {
  return { option: crs, districtsBox };
}

function commonCrs(decisions: readonly CrsDecision[]): LayerCrs {
  const names = new Set(decisions.map(({ crs }) => crs.crs));
  if (names.size === 1) return decisions[0].crs;
  return { crs: COMMON_CRS, because: `${COMMON_CRS}, to which its files are taken from ${[...names].join(', ')}` };
}

function commonEncoding(sources: readonly LayerSource[]): OpenLayer['encoding'] {
  const names = new Set(sources.map(({ encoding }) => encoding.name));
  if (names.size === 1) {
    const { name, because } = sources[0].encoding;
    return { name, because: `${name}, ${because}` };
  }
  const because = sources.map(({ path, encoding }) => `${basename(path)} ${encoding.name}, ${encoding.because}`);
  return { name: [...names].join(', '), because: because.join('; ') };
}

function notesOf(source: LayerSource, decision: CrsDecision, named: boolean): string[] {
  const notes = [...source.notes, ...decision.notes];
  return named ? notes.map((note) => `${basename(source.path)}: ${note}`) : notes;
}

async function* piecesOf(sources: readonly LayerSource[]): AsyncIterable<LayerPiece> {
  let before = 0;
  for (const [file, { path, format, span, pieces }] of sources.entries()) {
    for (const { first, place } of pieces()) {
      const at: PiecePlace = { file, place };
      yield { path, format, firstIndex: before + first, place: at };
    }
    before += span;
  }
}
