import { toLonLatParts } from '../geometry/to-lon-lat.ts';
import type { RawGeometry } from '../geometry/zone-geometry.ts';
import { closeDescriptors } from './file-bytes.ts';
import { readFlatgeobuf } from './flatgeobuf/read-flatgeobuf.ts';
import { readGeojson } from './geojson/read-geojson.ts';
import { closeGeopackages, readGeopackage } from './geopackage/read-geopackage.ts';
import type { LayerPiece, RawFeature } from './layer-file.ts';
import type { FileReading, LayerReading } from './layer-reading.ts';
import { readShapefile } from './shapefile/read-shapefile.ts';

/** Where a piece of any format lies: the number of its file in the reading, and the place in it. */
export interface PiecePlace {
  file: number;
  // biome-ignore lint/suspicious/noExplicitAny: each format's reader knows its own places
  place: any;
}

/**
 * The features of a piece, in any thread: x (easting, longitude) before y, in the CRS of the layer. Files stay open in
 * the thread till closeLayerFiles.
 * @throws ServiceError layer-invalid: the file went away, or its text is of another encoding than was decided
 */
export function readPiece(piece: LayerPiece, layer: LayerReading): RawFeature[] {
  const { file, place } = piece.place as PiecePlace;
  const reading = layer.files[file];
  const features = readPlace(reading, place, piece.firstIndex);
  if (reading.swapped || reading.projectFrom !== null) {
    for (const { geometry } of features) if (geometry !== null) straighten(geometry, reading);
  }
  return features;
}

/** Features of a place as the file has them, axes and all. */
export function readPlace(reading: FileReading, place: PiecePlace['place'], firstIndex: number): RawFeature[] {
  switch (reading.format) {
    case 'shapefile':
      return readShapefile(reading, place, firstIndex);
    case 'geopackage':
      return readGeopackage(reading, place, firstIndex);
    case 'flatgeobuf':
      return readFlatgeobuf(reading, place, firstIndex);
    default:
      return readGeojson(reading, place, firstIndex);
  }
}

/** Closes the files this thread has open. */
export function closeLayerFiles(): void {
  closeDescriptors();
  closeGeopackages();
}

function straighten(geometry: RawGeometry, { swapped, projectFrom }: FileReading): void {
  if (swapped) for (const path of geometry.parts.flat()) swapAxes(path);
  if (projectFrom !== null) toLonLatParts(geometry, projectFrom);
}

function swapAxes(path: Float64Array): void {
  for (let i = 0; i + 1 < path.length; i += 2) [path[i], path[i + 1]] = [path[i + 1], path[i]];
}
