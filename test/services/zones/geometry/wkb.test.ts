import type { LineString, MultiLineString, MultiPolygon, Polygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { boundsOfWkb, fromGeoJson, fromWkb, toGeoJson, toWkb } from '../../../../services/zones/geometry/wkb.ts';
import { osgeo, osgeoMissing } from '../../../support/gdal-python.ts';
import { ringAt, seeded, starRing } from '../../../support/random-shapes.ts';

const ring = (seed: number, corners = 12) => ringAt([112.6, 26.9], starRing(seeded(seed), corners, 300));
const [a, b, c, long] = [ring(1), ring(2, 5), ring(3), ring(4, 500)];
const shapes: (Polygon | MultiPolygon | LineString | MultiLineString)[] = [
  { type: 'Polygon', coordinates: [a] },
  { type: 'Polygon', coordinates: [long, b.toReversed(), c.toReversed()] },
  { type: 'MultiPolygon', coordinates: [[a, b.toReversed()], [long], [c]] },
  { type: 'LineString', coordinates: a.slice(3) },
  { type: 'MultiLineString', coordinates: [a, long.slice(1), b] },
];

describe.each(shapes)('a $type in well-known binary', (shape) => {
  const zone = fromGeoJson(shape);

  it('comes back as it went, from GeoJSON and to it', () => {
    expect(fromWkb(toWkb(zone))).toEqual(zone);
    expect(toGeoJson(fromWkb(toWkb(zone)))).toEqual(shape);
  });

  it('is read from the middle of other bytes, as databases hand it out', () => {
    const wkb = toWkb(zone);
    const page = new Uint8Array(wkb.length + 10).fill(7);
    page.set(wkb, 3);
    expect(fromWkb(page.subarray(3, 3 + wkb.length))).toEqual(zone);
  });

  it('has the box of its points', () => {
    const points = zone.parts.flatMap((part) => part.map((path) => [...path])).flat();
    const [lons, lats] = [points.filter((_, i) => i % 2 === 0), points.filter((_, i) => i % 2 === 1)];
    expect(boundsOfWkb(toWkb(zone))).toEqual({
      minLon: Math.min(...lons),
      minLat: Math.min(...lats),
      maxLon: Math.max(...lons),
      maxLat: Math.max(...lats),
    });
  });

  it.skipIf(osgeoMissing)('is the same to the byte as OGR writes it, and OGR reads it in either byte order', () => {
    const hex = Buffer.from(toWkb(zone)).toString('hex');
    const script = `
from osgeo import ogr
g = ogr.CreateGeometryFromJson(sys.argv[1])
print(json.dumps([g.ExportToWkb(ogr.wkbNDR).hex(), g.ExportToWkb(ogr.wkbXDR).hex()]))`;
    const [little, big] = JSON.parse(osgeo(script, JSON.stringify(shape))) as [string, string];
    expect(hex).toBe(little);
    expect(fromWkb(Buffer.from(big, 'hex'))).toEqual(zone);
    expect(boundsOfWkb(Buffer.from(big, 'hex'))).toEqual(boundsOfWkb(toWkb(zone)));
  });
});

describe('damaged bytes end in one line', () => {
  const wkb = toWkb(fromGeoJson(shapes[2]));

  it('wherever they are cut', () => {
    for (let length = 0; length < wkb.length; length++) {
      expect(() => fromWkb(wkb.subarray(0, length))).toThrow(
        /^The WKB geometry is cut short: it has \d+ bytes where \d+ are needed\.$/,
      );
    }
  });

  it('with more behind them than they say', () => {
    expect(() => fromWkb(Buffer.concat([wkb, wkb]))).toThrow(`ends after ${wkb.length} of its ${2 * wkb.length} bytes`);
  });

  it.each([
    ['of a point', '0101000000000000000000f03f000000000000f03f', /WKB of type 1 was found/],
    ['with heights', '01eb03000000000000', /WKB of type 1003 was found/],
    ['of no byte order', '0703000000', /names the byte order 7 at byte 0/],
    ['with a line among polygons', '010600000001000000010200000000000000', /a part of type 2 where 3 was wanted/],
    ['that count more points than there are', '010200000000ffffff', /is cut short/],
    ['that count more parts than there are', '0106000000ffffffff', /is cut short/],
  ])('%s', (_, hex, line) => {
    expect(() => fromWkb(Buffer.from(hex, 'hex'))).toThrow(line);
  });

  it('and have no box without points', () => {
    expect(() => boundsOfWkb(Buffer.from('010600000000000000', 'hex'))).toThrow(/has no points, so no box/);
  });
});
