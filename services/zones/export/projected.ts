import { fromLonLat, isGeographic } from '../../../imagery/crs.ts';
import type { ZoneGeometry } from '../geometry/zone-geometry.ts';
import { refuseFeature } from './layer-writer.ts';

/** Takes a feature's shape from lon/lat to the CRS of the file. */
export type Projector = (geometry: ZoneGeometry, id: string) => ZoneGeometry;

/** Longitude and latitude pass as they are, bit for bit. @throws ImageryError crs-unknown */
export function projectorTo(path: string, crs: string): Projector {
  if (isGeographic(crs)) return (geometry) => geometry;
  const project = fromLonLat(crs);
  return (geometry, id) => ({
    kind: geometry.kind,
    parts: geometry.parts.map((part) =>
      part.map((lonLats) => {
        const xys = new Float64Array(lonLats.length);
        for (let i = 0; i < lonLats.length; i += 2) {
          const [x, y] = project(lonLats[i], lonLats[i + 1]);
          if (Number.isNaN(x)) {
            const where = `reaches ${lonLats[i]}, ${lonLats[i + 1]}, which ${crs} cannot show`;
            refuseFeature(path, id, `${where}; wanted --crs EPSG:4490`);
          }
          xys[i] = x;
          xys[i + 1] = y;
        }
        return xys;
      }),
    ),
  });
}
