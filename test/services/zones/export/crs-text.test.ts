import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { crsOfWkt } from '../../../../imagery/crs-wkt.ts';
import { crsText } from '../../../../services/zones/export/crs-text.ts';
import { temporaryFolder } from '../../../support/gdal.ts';
import { osgeo, osgeoMissing } from '../../../support/gdal-python.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const CODES = [4490, 4326, 3857, ...range(4491, 4554), ...range(32601, 32660), ...range(32701, 32760)];

describe('crsText', () => {
  it('is read back as the CRS it was, by code and by what it is made of', () => {
    for (const code of CODES) {
      const { esri, ogc } = crsText(`EPSG:${code}`);
      expect(crsOfWkt(ogc)).toBe(`EPSG:${code}`);
      // Without a code a 3° and a 6° zone of one meridian and easting are one projection.
      const plain = crsOfWkt(esri);
      expect(crsOfWkt(crsText(plain!).esri)).toBe(plain);
    }
  });

  it.skipIf(osgeoMissing)('says what PROJ says of every code, in ESRI’s words and in OGC’s', () => {
    const script = `
answers = []
for code, esri, ogc in json.load(open(sys.argv[1])):
    known = osr.SpatialReference()
    known.ImportFromEPSG(code)
    other = osr.SpatialReference()
    other.ImportFromWkt(ogc)
    ours = osr.SpatialReference()
    ours.ImportFromWkt(esri)
    same = known.ExportToWkt(['FORMAT=WKT1_ESRI']) == esri
    answers.append([code, same, known.ExportToProj4() == other.ExportToProj4(), known.GetName() == other.GetName(),
      ours.ExportToProj4() == known.ExportToProj4()])
print(json.dumps(answers))`;
    const path = folder.path('texts.json');
    const texts = CODES.map((code) => [code, crsText(`EPSG:${code}`).esri, crsText(`EPSG:${code}`).ogc]);
    writeFileSync(path, JSON.stringify(texts));
    const answers = JSON.parse(osgeo(script, path)) as [number, ...boolean[]][];
    expect(answers.filter(([, ...same]) => same.includes(false))).toEqual([]);
  });

  it('has a text for a transverse Mercator that EPSG has no code for', () => {
    const proj = '+proj=tmerc +lat_0=0 +lon_0=112.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80';
    const { code, esri, ogc } = crsText(proj);
    expect(code).toBeNull();
    expect(crsOfWkt(esri)).toBe(crsOfWkt(ogc));
    expect(crsOfWkt(esri)).toContain('+lon_0=112.5 +k=1 +x_0=500000');
  });
});
