import { parseCrs } from '../../../imagery/crs.ts';
import {
  type Ellipsoid,
  type TransverseMercator,
  transverseMercatorOfEpsg,
  transverseMercatorOfProj,
} from '../../../imagery/crs-definitions.ts';

/** Well-known text of a CRS, as a .prj (ESRI's) and as a GeoPackage (OGC's WKT 1) have it. */
export interface CrsText {
  name: string;
  esri: string;
  ogc: string;
  /** EPSG's number; null = EPSG has none. */
  code: number | null;
}

interface Base {
  esri: string;
  ogc: string;
}

const BASES: Readonly<Record<Ellipsoid, Base>> = {
  GRS80: base(4490, 'China Geodetic Coordinate System 2000', 'GCS_China_Geodetic_Coordinate_System_2000', [
    'China_2000',
    1043,
    'CGCS2000',
    'CGCS2000',
    298.257222101,
    1024,
  ]),
  WGS84: base(4326, 'WGS 84', 'GCS_WGS_1984', ['WGS_1984', 6326, 'WGS 84', 'WGS_1984', 298.257223563, 7030]),
};

/** @param crs any name that imagery/crs.ts knows @throws ImageryError crs-unknown */
export function crsText(crs: string): CrsText {
  const name = parseCrs(crs);
  const code = name.startsWith('EPSG:') ? Number(name.slice('EPSG:'.length)) : null;
  if (code === 4490) return { name: 'China Geodetic Coordinate System 2000', code, ...BASES.GRS80 };
  if (code === 4326) return { name: 'WGS 84', code, ...BASES.WGS84 };
  if (code === 3857) return WEB_MERCATOR;
  const projection = code === null ? transverseMercatorOfProj(name) : transverseMercatorOfEpsg(code);
  return transverseMercator(projection as TransverseMercator, code);
}

function transverseMercator(projection: TransverseMercator, code: number | null): CrsText {
  const names = namesOf(projection, code);
  const { esri, ogc } = BASES[projection.ellipsoid];
  const { falseEastingM, falseNorthingM, centralMeridian, scale, latitudeOfOrigin } = projection;
  const esriMethod = projection.ellipsoid === 'GRS80' ? 'Gauss_Kruger' : 'Transverse_Mercator';
  const esriParameters = [
    `PARAMETER["False_Easting",${decimal(falseEastingM)}]`,
    `PARAMETER["False_Northing",${decimal(falseNorthingM)}]`,
    `PARAMETER["Central_Meridian",${decimal(centralMeridian)}]`,
    `PARAMETER["Scale_Factor",${decimal(scale)}]`,
    `PARAMETER["Latitude_Of_Origin",${decimal(latitudeOfOrigin)}]`,
  ];
  const parameters = [
    `PARAMETER["latitude_of_origin",${latitudeOfOrigin}]`,
    `PARAMETER["central_meridian",${centralMeridian}]`,
    `PARAMETER["scale_factor",${scale}]`,
    `PARAMETER["false_easting",${falseEastingM}]`,
    `PARAMETER["false_northing",${falseNorthingM}]`,
  ];
  const authority = code === null ? '' : `,AUTHORITY["EPSG","${code}"]`;
  const metre = 'UNIT["metre",1,AUTHORITY["EPSG","9001"]]';
  return {
    name: names.ogc,
    code,
    esri: `PROJCS["${names.esri}",${esri},PROJECTION["${esriMethod}"],${esriParameters.join(',')},UNIT["Meter",1.0]]`,
    ogc: `PROJCS["${names.ogc}",${ogc},PROJECTION["Transverse_Mercator"],${parameters.join(',')},${metre}${authority}]`,
  };
}

/** As ESRI and EPSG call it: programs know a CRS by its name where its .prj has no code. */
function namesOf(
  { centralMeridian, falseEastingM, falseNorthingM, ellipsoid }: TransverseMercator,
  code: number | null,
) {
  if (code === null) return { esri: 'Transverse_Mercator', ogc: 'Transverse Mercator' };
  if (ellipsoid === 'WGS84') {
    const zone = `${(centralMeridian + 183) / 6}${falseNorthingM === 0 ? 'N' : 'S'}`;
    return { esri: `WGS_1984_UTM_Zone_${zone}`, ogc: `WGS 84 / UTM zone ${zone}` };
  }
  const zone = Math.floor(falseEastingM / 1_000_000);
  const three = code >= 4513;
  const part = zone > 0 ? `zone ${zone}` : `CM ${centralMeridian}E`;
  const esriPart = zone > 0 ? `Zone_${zone}` : `CM_${centralMeridian}E`;
  return {
    esri: `CGCS2000_${three ? '3_Degree_' : ''}GK_${esriPart}`,
    ogc: `CGCS2000 / ${three ? '3-degree ' : ''}Gauss-Kruger ${part}`,
  };
}

function base(
  code: number,
  name: string,
  esriName: string,
  [datum, datumCode, spheroid, esriSpheroid, flattening, spheroidCode]: [
    string,
    number,
    string,
    string,
    number,
    number,
  ],
): Base {
  const greenwich = 'PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]]';
  const degree = 'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]]';
  const shape = `SPHEROID["${spheroid}",6378137,${flattening},AUTHORITY["EPSG","${spheroidCode}"]]`;
  return {
    esri:
      `GEOGCS["${esriName}",DATUM["D_${datum}",SPHEROID["${esriSpheroid}",6378137.0,${flattening}]],` +
      'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
    ogc:
      `GEOGCS["${name}",DATUM["${datum}",${shape},AUTHORITY["EPSG","${datumCode}"]],` +
      `${greenwich},${degree},AUTHORITY["EPSG","${code}"]]`,
  };
}

const WEB_MERCATOR: CrsText = {
  name: 'WGS 84 / Pseudo-Mercator',
  code: 3857,
  esri:
    `PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",${BASES.WGS84.esri},PROJECTION["Mercator_Auxiliary_Sphere"],` +
    'PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],' +
    'PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]',
  ogc:
    `PROJCS["WGS 84 / Pseudo-Mercator",${BASES.WGS84.ogc},PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],` +
    'PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],' +
    'UNIT["metre",1,AUTHORITY["EPSG","9001"]],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 ' +
    '+x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]',
};

function decimal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
