/** STAC Items as the large open catalogues write them, cut to what they say of bands. */

const cog = 'image/tiff; application=geotiff; profile=cloud-optimized';

function polygon(lon: number, lat: number) {
  const ring = [
    [lon, lat],
    [lon + 1, lat],
    [lon + 1, lat + 1],
    [lon, lat + 1],
    [lon, lat],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

type Fields = Record<string, unknown>;

export function item(id: string, given: { properties?: Fields; assets?: Fields; [field: string]: unknown } = {}) {
  const { properties, assets, ...rest } = given;
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    geometry: polygon(112, 26),
    bbox: [112, 26, 113, 27],
    properties: { datetime: '2025-06-01T03:05:41Z', ...properties },
    links: [],
    assets: assets ?? { image: { href: './image.tif', type: cog, roles: ['data'] } },
    ...rest,
  };
}

/** As Earth Search v1 has Sentinel-2: STAC 1.0, one COG per band, the same again as JPEG 2000. */
export function earthSearchItem(base = '.') {
  const band = (name: string, commonName: string, gsd: number) => ({
    href: `${base}/${name}.tif`,
    type: cog,
    roles: ['data', 'reflectance'],
    gsd,
    'eo:bands': [{ name: commonName, common_name: commonName }],
    'raster:bands': [{ nodata: 0, data_type: 'uint16', spatial_resolution: gsd, scale: 0.0001, offset: -0.1 }],
  });
  const jp2 = (name: string) => ({ ...band(name, name, 10), href: `s3://x/${name}.jp2`, type: 'image/jp2' });
  return item('S2B_49RGL_20250601_0_L2A', {
    collection: 'sentinel-2-l2a',
    properties: {
      datetime: '2025-05-31T16:30:00.024Z',
      platform: 'sentinel-2b',
      constellation: 'sentinel-2',
      instruments: ['msi'],
      'eo:cloud_cover': 12.5,
      'proj:epsg': 32649,
      's2:product_type': 'S2MSI2A',
      'earthsearch:boa_offset_applied': true,
    },
    assets: {
      visual: { href: `${base}/TCI.tif`, type: cog, roles: ['visual'], 'eo:bands': [{}, {}, {}] },
      blue: band('B02', 'blue', 10),
      green: band('B03', 'green', 10),
      red: band('B04', 'red', 10),
      nir: band('B08', 'nir', 10),
      nir08: band('B8A', 'nir08', 20),
      rededge1: band('B05', 'rededge', 20),
      swir16: band('B11', 'swir16', 20),
      swir22: band('B12', 'swir22', 20),
      scl: { href: `${base}/SCL.tif`, type: cog, roles: ['data', 'reflectance'], gsd: 20 },
      thumbnail: { href: './preview.jpg', type: 'image/jpeg', roles: ['thumbnail'] },
      'blue-jp2': jp2('blue'),
      'nir-jp2': jp2('nir'),
    },
  });
}

/** As the USGS and the Planetary Computer have Landsat: near infrared is nir08 only; QA_PIXEL beside. */
export function landsatItem() {
  const band = (href: string, commonName: string, scale: [number, number] | null) => ({
    href: `./LC09_L2SP_123042_20250601_${href}.TIF`,
    type: 'image/vnd.stac.geotiff; cloud-optimized=true',
    roles: ['data', 'reflectance'],
    'eo:bands': [{ name: href, common_name: commonName }],
    ...(scale && { 'raster:bands': [{ nodata: 0, data_type: 'uint16', scale: scale[0], offset: scale[1] }] }),
  });
  const reflectance: [number, number] = [0.0000275, -0.2];
  return item('LC09_L2SP_123042_20250601_02_T1', {
    collection: 'landsat-c2-l2',
    properties: { platform: 'landsat-9', instruments: ['oli', 'tirs'], 'landsat:correction': 'L2SP', gsd: 30 },
    assets: {
      qa_pixel: { href: './QA.TIF', type: cog, roles: ['cloud', 'cloud-shadow', 'data'] },
      coastal: band('SR_B1', 'coastal', reflectance),
      blue: band('SR_B2', 'blue', reflectance),
      green: band('SR_B3', 'green', reflectance),
      red: band('SR_B4', 'red', reflectance),
      nir08: band('SR_B5', 'nir08', reflectance),
      swir16: band('SR_B6', 'swir16', reflectance),
      swir22: band('SR_B7', 'swir22', reflectance),
      lwir11: { ...band('ST_B10', 'lwir11', [0.00341802, 149]), roles: ['data', 'temperature'] },
    },
  });
}

/** STAC 1.1: bands with everything in them, several in one file. */
export function newItem() {
  const band = (name: string, commonName: string) => ({
    ...{ name, 'eo:common_name': commonName, data_type: 'uint16', nodata: 0 },
    ...{ 'raster:scale': 0.0001, 'raster:offset': 0 },
  });
  return item('GF2_20250601', {
    stac_version: '1.1.0',
    properties: { platform: 'GF-2', 'proj:code': 'EPSG:4547', gsd: 0.8, license: 'other' },
    assets: {
      data: {
        href: 'GF2.tif',
        type: cog,
        bands: [band('b1', 'blue'), band('b2', 'green'), band('b3', 'red'), band('b4', 'nir')],
      },
      preview: { href: 'p.tif', type: cog, roles: ['overview'], bands: [{ 'eo:common_name': 'red' }] },
    },
  });
}
