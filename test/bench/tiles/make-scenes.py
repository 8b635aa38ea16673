"""Two COGs of one made ground, 4 bands of uint16, deflate, with overviews: argv are size and paths."""
import sys

import numpy
from osgeo import gdal, osr

gdal.UseExceptions()
size = int(sys.argv[1])
crs = osr.SpatialReference()
crs.ImportFromEPSG(4547)
for seed, path in enumerate(sys.argv[2:]):
    random = numpy.random.default_rng(seed)
    raw = gdal.GetDriverByName('GTiff').Create(path + '.raw', size, size, 4, gdal.GDT_UInt16, ['TILED=YES'])
    raw.SetProjection(crs.ExportToWkt())
    raw.SetGeoTransform([390000, 2, 0, 3012000, 0, -2])
    for top in range(0, size, 512):
        rows = min(512, size - top)
        y, x = numpy.mgrid[top:top + rows, 0:size].astype('f4')
        fields = (numpy.floor(x / 37) * 7 + numpy.floor(y / 29) * 13) % 11
        for band in range(4):
            ground = 800 + 150 * band + fields * 90 + numpy.sin(x / 300) * 120 + random.normal(0, 25, x.shape)
            raw.GetRasterBand(band + 1).WriteArray(ground.astype('u2'), 0, top)
    for band in range(4):
        raw.GetRasterBand(band + 1).SetNoDataValue(0)
    raw = None
    gdal.Translate(path, path + '.raw', format='COG',
                   creationOptions=['COMPRESS=DEFLATE', 'PREDICTOR=YES', 'OVERVIEW_RESAMPLING=AVERAGE'])
    gdal.Unlink(path + '.raw')
