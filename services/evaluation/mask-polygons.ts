import type { MultiPolygon, Polygon } from 'geojson';
import { prepareZone } from '../zones/geometry/repair.ts';
import { toLonLatParts } from '../zones/geometry/to-lon-lat.ts';
import { toGeoJson } from '../zones/geometry/wkb.ts';
import { endingOf } from '../zones/layer-files/file-bytes.ts';
import { LAYER_ENDINGS } from '../zones/layer-files/find-layer-files.ts';
import type { RawFeature } from '../zones/layer-files/layer-file.ts';
import { openLayer } from '../zones/layer-files/open-layer.ts';
import { readPiece } from '../zones/layer-files/read-piece.ts';
import { sniffFile } from '../zones/layer-files/sniff-file.ts';
import { refuseLayer } from '../zones/layer-refusal.ts';

/** True where a file is a layer by its name or by how it begins; what is missing goes by its name. */
export function isLayerFile(path: string): boolean {
  if ([...LAYER_ENDINGS, '.zip'].includes(endingOf(path))) return true;
  try {
    sniffFile(path, path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The polygons of a layer file of any format, valid and in lon/lat; none where it has no features.
 * @throws ServiceError layer-invalid: the file, or the first feature that is no polygon
 */
export async function readMaskPolygons(path: string): Promise<(Polygon | MultiPolygon)[]> {
  const layer = await openLayer(path, { districtsBox: null });
  try {
    const polygons: (Polygon | MultiPolygon)[] = [];
    for await (const piece of layer.pieces()) {
      for (const feature of readPiece(piece, layer.reading)) polygons.push(polygonOf(path, feature, layer.crs.crs));
    }
    return polygons;
  } finally {
    await layer.close();
  }
}

function polygonOf(path: string, { index, fid, geometry, damage }: RawFeature, crs: string): Polygon | MultiPolygon {
  const refuse = (problem: string) => refuseLayer(path, { index, id: fid ?? 'none' }, problem);
  if (geometry === null) return refuse(damage ?? 'has no geometry; wanted a Polygon or MultiPolygon');
  toLonLatParts(geometry, crs);
  const zone = prepareZone(geometry, 'polygon');
  return 'rejected' in zone ? refuse(zone.rejected) : (toGeoJson(zone.geometry) as Polygon | MultiPolygon);
}
