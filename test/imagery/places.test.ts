import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toLonLat } from '../../imagery/crs.ts';
import { openRaster } from '../../imagery/open-raster.ts';
import { temporaryFolder } from '../support/gdal.ts';
import { osgeo, osgeoMissing } from '../support/gdal-python.ts';

/**
 * Images in every CRS of the project and every way of saying so, and where GDAL (PROJ) sees three of their pixels.
 * The place lies 0.7° from the central meridian, at 31.2° north or south.
 */
const script = `
os.chdir(sys.argv[1])
from osgeo.osr import SpatialReference, CoordinateTransformation
def crs(of):
    srs = SpatialReference(); srs.SetFromUserInput(of); srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER); return srs
custom = '+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=300000 +y_0=-2000000 +ellps=GRS80 +units=m +no_defs'
places = {}
for code in range(4491, 4502): places['EPSG:%d' % code] = (code - 4478) * 6 - 3
for code in range(4502, 4513): places['EPSG:%d' % code] = (code - 4489) * 6 - 3
for code in range(4513, 4534): places['EPSG:%d' % code] = (code - 4488) * 3
for code in range(4534, 4555): places['EPSG:%d' % code] = (code - 4509) * 3
for zone in (1, 31, 43, 49, 50, 51, 53, 60): places['EPSG:%d' % (32600 + zone)] = places['EPSG:%d' % (32700 + zone)] = zone * 6 - 183
for of in ('EPSG:4326', 'EPSG:4490', 'EPSG:3857', custom): places[of] = 112.5
out = []
ground = np.arange(40 * 30, dtype='uint8').reshape(30, 40)
for of, meridian in places.items():
    srs = crs(of)
    lat = -31.2 if of.startswith('EPSG:327') else 31.2
    # Degrees of its own datum, which CGCS2000 and WGS 84 share; asking PROJ for the way between takes seconds.
    to = CoordinateTransformation(srs, srs.CloneGeogCS())
    x, y, _ = to.GetInverse().TransformPoint(meridian + 0.7, lat)
    size = 1e-5 if srs.IsGeographic() else 1.25
    name = of.replace(':', '') if of.startswith('EPSG') else 'custom'
    def save(kind, ending, options=(), up=-1, driver='GTiff', mo=None):
        path = name + '-' + kind + ending
        memory = gdal.GetDriverByName('MEM').Create('', 40, 30, 1, gdal.GDT_Byte)
        memory.WriteArray(ground)
        memory.SetGeoTransform([x, size, 0, y, 0, up * size])
        memory.SetProjection(srs.ExportToWkt())
        if mo: memory.SetMetadataItem('AREA_OR_POINT', mo)
        gdal.GetDriverByName(driver).CreateCopy(path, memory, options=list(options))
        back = gdal.Open(path)
        g = back.GetGeoTransform()
        assert abs(g[0] - x) < size * 1e-6 and abs(g[3] - y) < size * 1e-6, (path, g, x, y)
        points = []
        for column, row in ((0, 0), (40, 30), (13.5, 20.5)):
            e, n = g[0] + column * g[1], g[3] + row * g[5]
            lon, lat, _ = to.TransformPoint(e, n)
            points.append([column, row, lon, lat])
        out.append({'path': path, 'crs': of, 'kind': kind, 'points': points})
    save('tiff', '.tif')
    save('point', '.tif', mo='Point')
    save('south-up', '.tif', up=1)
    save('aux', '.tif', ['PROFILE=BASELINE'])
    save('envi', '', driver='ENVI')
    save('png', '.png', ['WORLDFILE=YES'], driver='PNG')
    if of.startswith('EPSG') and not of.endswith('3857'): save('esri', '.tif', ['GEOTIFF_KEYS_FLAVOR=ESRI_PE'])
print(json.dumps(out))
`;

interface Place {
  path: string;
  crs: string;
  kind: string;
  /** Column, row, longitude, latitude. */
  points: [number, number, number, number][];
}

const metresPerDegree = 111_320;

describe.skipIf(osgeoMissing)(
  'every CRS, however an image says it: pixels lie within a millimetre of where GDAL puts them',
  () => {
    const folder = temporaryFolder();
    afterAll(folder.remove);
    let places: Place[];
    beforeAll(() => {
      places = JSON.parse(osgeo(script, folder.path('.')));
    });

    test.each([
      ['tiff', 84],
      ['point', 84],
      ['south-up', 84],
      ['aux', 84],
      ['envi', 84],
      ['png', 84],
      ['esri', 82],
    ])('%s', async (kind, count) => {
      const files = places.filter((place) => place.kind === kind);
      expect(files.length).toBe(count);
      const wrong: string[] = [];
      for (const { path, crs, points } of files) {
        const opened = await openRaster(folder.path(path)).catch((error: Error) => error);
        if (opened instanceof Error) {
          wrong.push(`${crs}: ${opened.message}`);
          continue;
        }
        const { grid } = opened.info;
        await opened.close();
        // A 3° and a 6° zone that are one projection have one name.
        if (crs.startsWith('EPSG:3') && grid.crs !== crs) wrong.push(`${crs}: taken for ${grid.crs}`);
        const project = toLonLat(grid.crs!);
        for (const [column, row, lon, lat] of points) {
          const got = project(grid.originX + column * grid.pixelWidth, grid.originY + row * grid.pixelHeight);
          const metres = Math.hypot((got[0] - lon) * Math.cos((lat * Math.PI) / 180), got[1] - lat) * metresPerDegree;
          if (!(metres < 1e-3)) wrong.push(`${crs}: ${metres} m off at ${column}, ${row}`);
        }
      }
      expect(wrong).toEqual([]);
    });
  },
);
