import { readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { refuseLayer } from '../layer-refusal.ts';
import { endingOf } from './file-bytes.ts';
import { type FileKind, sniffFile } from './sniff-file.ts';
import { unzip } from './unzip.ts';

/** The files a layer is to be read from. */
export interface FoundFiles {
  /** `path` as the user knows it, `file` where its bytes are. */
  files: { file: string; path: string; kind: Exclude<FileKind, 'zip'> }[];
  /** The zip they came out of, or null. */
  archive: string | null;
  /** Folder to remove when done, or null. */
  temporary: string | null;
  /** True when sourceLayer named one of the files, so that it names no table in it. */
  chosen: boolean;
  notes: string[];
}

/** Of files a layer can be read from, zips apart. */
export const LAYER_ENDINGS = [
  '.shp',
  '.gpkg',
  '.geojson',
  '.json',
  '.geojsonl',
  '.geojsons',
  '.ndjson',
  '.jsonl',
  '.fgb',
];
const SHAPEFILE_PARTS = ['.dbf', '.shx', '.prj', '.cpg', '.sbn', '.sbx', '.qix'];
const FORMATS = 'a shapefile (.shp), GeoPackage, GeoJSON, GeoJSONSeq or FlatGeobuf, a zip of one, or a folder of them';

/** Finds what to read at a path: a file, the content of a zip, or the files of a folder. @throws ServiceError layer-invalid */
export async function findLayerFiles(path: string, sourceLayer: string | undefined): Promise<FoundFiles> {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    return refuseLayer(path, null, `is missing; wanted ${FORMATS}`, error);
  }
  if (isFolder) return ofFolder(path, sourceLayer);
  const file = shapeBeside(path);
  const kind = sniffFile(file, path);
  if (kind !== 'zip')
    return { files: [{ file, path: file, kind }], archive: null, temporary: null, chosen: false, notes: [] };
  const temporary = await unzip(path);
  try {
    return { ...ofArchive(path, temporary, sourceLayer), temporary };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

function ofFolder(path: string, sourceLayer: string | undefined): FoundFiles {
  if (/\.gdb$/i.test(path))
    refuseLayer(path, null, `is a File Geodatabase; wanted ${FORMATS}: export it as a GeoPackage`);
  const names = readdirSync(path).filter((name) => !name.startsWith('.'));
  const all = layerFiles(path, names, (name) => join(path, name));
  const files = sourceLayer === undefined ? all : chosenFrom(path, all, sourceLayer);
  const zips = names.filter((name) => endingOf(name) === '.zip');
  if (files.length === 0) {
    const got = zips.length > 0 ? `${zips.length} zips, which are read one by one or unpacked` : 'none';
    refuseLayer(path, null, `is a folder with no layer file in it (${got}); wanted ${FORMATS}`);
  }
  refuseMixture(path, files);
  const notes = zips.length > 0 ? [`zips in the folder are not read: ${zips.join(', ')}`] : [];
  return { files, archive: null, temporary: null, chosen: sourceLayer !== undefined, notes };
}

function ofArchive(path: string, folder: string, sourceLayer: string | undefined): Omit<FoundFiles, 'temporary'> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('__MACOSX'));
  const all = layerFiles(folder, names, (name) => `${path}/${name}`);
  if (all.length === 0) refuseLayer(path, null, `is a zip with no layer file in it; wanted ${FORMATS}`);
  const isTable = all.length === 1 && all[0].kind === 'geopackage';
  const files = sourceLayer === undefined || isTable ? all : chosenFrom(path, all, sourceLayer);
  if (files.length > 1) {
    const choice = 'choose one with --source-layer, or unpack it to read all as one layer';
    refuseLayer(path, null, `is a zip of ${files.length} layer files (${listed(files)}): ${choice}`);
  }
  return { files, archive: path, chosen: sourceLayer !== undefined && !isTable, notes: [] };
}

function layerFiles(folder: string, names: string[], shown: (name: string) => string): FoundFiles['files'] {
  return names
    .filter((name) => LAYER_ENDINGS.includes(endingOf(name)) && statSync(join(folder, name)).isFile())
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((name) => {
      const kind = sniffFile(join(folder, name), shown(name));
      return kind === 'zip' ? [] : [{ file: join(folder, name), path: shown(name), kind }];
    });
}

/** A file by its name, with or without ending. */
function chosenFrom(path: string, files: FoundFiles['files'], sourceLayer: string): FoundFiles['files'] {
  const named = files.filter(({ path: own }) => {
    const name = basename(own);
    return name === sourceLayer || name.slice(0, -endingOf(name).length) === sourceLayer;
  });
  if (named.length === 1) return named;
  return refuseLayer(
    path,
    null,
    `has ${named.length} layer files named "${sourceLayer}"; wanted one of ${listed(files)}`,
  );
}

function refuseMixture(path: string, files: FoundFiles['files']): void {
  const kinds = [...new Set(files.map(({ kind }) => kind))];
  if (kinds.length < 2) return;
  const choice = 'choose one file with --source-layer, or keep one format to a folder';
  refuseLayer(path, null, `is a folder of several formats (${kinds.join(', ')}; ${listed(files)}): ${choice}`);
}

function listed(files: FoundFiles['files']): string {
  const names = files.map(({ path }) => basename(path));
  return names.length > 12 ? `${names.slice(0, 12).join(', ')} … ${names.length}` : names.join(', ');
}

/** A shapefile may be named by any of its parts. */
function shapeBeside(path: string): string {
  const ending = endingOf(path);
  if (!SHAPEFILE_PARTS.includes(ending)) return path;
  const wanted = `${basename(path).slice(0, -ending.length)}.shp`.toLowerCase();
  const shp = readdirSync(dirname(path)).find((name) => name.toLowerCase() === wanted);
  if (shp === undefined) refuseLayer(path, null, `is a part of a shapefile whose .shp is not beside it`);
  return join(dirname(path), shp);
}
