import { describe, expect, it } from 'vitest';
import { findPreset, presetBands, presetReflectance, readProductName } from '../../imagery/product-name.ts';
import { bandRoles } from '../../imagery/scene.ts';
import { sensorPresets } from '../../imagery/sensors.ts';

/** Names as the providers hand their products out, and what stands in them. */
const products: [name: string, sensor: string, date: string, more?: object][] = [
  ['GF1_PMS1_E112.6_N26.9_20240612_L1A0007654321-MSS1.tiff', 'GF-1 PMS', '2024-06-12'],
  ['GF1B_PMS_E112.6_N26.9_20240612_L1A1227654321-MUX.tiff', 'GF-1 PMS', '2024-06-12'],
  ['GF1_WFV3_E112.6_N26.9_20240612_L1A0007654321.tiff', 'GF-1 WFV', '2024-06-12'],
  ['GF2_PMS2_E112.6_N26.9_20240612_L1A0007654321-MSS2_fused.tif', 'GF-2', '2024-06-12'],
  ['GF6_PMS_E112.6_N26.9_20240612_L1A1120654321-MUX.tiff', 'GF-6 PMS', '2024-06-12'],
  ['GF6_WFV_E112.6_N26.9_20240612_L1A1120654321-1.tiff', 'GF-6 WFV', '2024-06-12'],
  ['GF7_DLC_E112.6_N26.9_20240612_L1A0001234567-BWDMUX.tiff', 'GF-7', '2024-06-12'],
  ['ZY302_TMS_E112.6_N26.9_20240612_L1A0000654321-MUX.tiff', 'ZY-3', '2024-06-12'],
  ['zy302a_mux_026160_002122_20240612112345_01_sec_0001_1234567.tif', 'ZY-3', '2024-06-12'],
  ['SV1-02_20240612_L2A0000899155_1012100029990004_01-MUX.tiff', 'SuperView-1', '2024-06-12'],
  ['JL1KF01A_PMS04_20240612112233_200045678_101_0008_001_L3D_MSS.tif', 'Jilin-1', '2024-06-12'],
  [
    'S2A_MSIL2A_20240612T025551_N0510_R032_T49RGL_20240612T071234.tif',
    'Sentinel-2 L2A',
    '2024-06-12',
    { time: '10:55:51', baseline: 510 },
  ],
  [
    'S2B_MSIL1C_20170621T030541_N0205_R075_T49RGL_20170621T031234_stack.tif',
    'Sentinel-2 L1C',
    '2017-06-21',
    { baseline: 205 },
  ],
  ['LC08_L2SP_123041_20240612_20240618_02_T1_SR.TIF', 'Landsat 8-9 L2', '2024-06-12'],
  ['LC09_L1TP_123041_20240612_20240612_02_T1.TIF', 'Landsat 8-9 L1', '2024-06-12'],
  ['LT05_L2SP_123041_20090612_20200827_02_T1.tif', 'Landsat 5-7 L2', '2009-06-12'],
  ['LE07_L1TP_123041_20020612_20200916_02_T1.tif', 'Landsat 5-7 L1', '2002-06-12'],
  [
    'S1A_IW_GRDH_1SDV_20240612T103456_20240612T103521_054291_069AF6_1234.tif',
    'Sentinel-1 GRD',
    '2024-06-12',
    { time: '18:34:56', bands: ['VV', 'VH'] },
  ],
  [
    'S1A_EW_GRDM_1SSH_20240612T103456_20240612T103521_054291_069AF6_1234.tif',
    'Sentinel-1 GRD',
    '2024-06-12',
    { bands: ['HH'] },
  ],
  [
    'GF3_KAS_FSII_001700_E113.9_N26.9_20240612_L1A_HHHV_L10002015572.tif',
    'GF-3',
    '2024-06-12',
    { bands: ['HH', 'HV'] },
  ],
];

describe('the name of a product', () => {
  it.each(products)('%s is %s of %s', (name, sensor, date, more = {}) => {
    for (const path of [name, `/images/2024/${name}`, `D:\\images\\${name}`]) {
      expect(readProductName(path)).toMatchObject({ preset: { name: sensor }, date, ...more });
    }
  });

  it('tells the local day: a pass late in the day in UTC is one of the next morning', () => {
    const name = 'S1A_IW_GRDH_1SDV_20240612T223456_20240612T223521_054291_069AF6_1234.tif';
    expect(readProductName(name)).toMatchObject({ date: '2024-06-13', time: '06:34:56' });
  });

  it('covers every sensor but the one whose files have no usual name', () => {
    const covered = new Set(products.map(([, sensor]) => sensor));
    expect(sensorPresets.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual(['aerial']);
  });

  it.each([
    'before.tif',
    'GF2.tif',
    'GF2_PMS2_E112.6_N26.9_20241312_L1A0007654321-MSS2.tif',
    'GF2_PMS2_E112.6_N26.9_20240230_L1A0007654321-MSS2.tif',
    'my_GF2_PMS2_E112.6_N26.9_20240612_L1A0007654321.tif',
    'mosaic_20240612.tif',
  ])('%s is nobody’s', (name) => expect(readProductName(name)).toBeNull());
});

describe('a sensor called by name', () => {
  it.each<[asked: string, sampleType: string, gsdM: number | null, found: string | undefined]>([
    ['GF-2', 'uint16', 1, 'GF-2'],
    ['gf2', 'uint16', null, 'GF-2'],
    ['GF-1', 'uint16', 2, 'GF-1 PMS'],
    ['GF-1', 'uint16', 8, 'GF-1 PMS'],
    ['GF-1', 'uint16', 16, 'GF-1 WFV'],
    ['gf6 wfv', 'uint16', 2, 'GF-6 WFV'],
    ['Sentinel-2', 'uint16', 10, 'Sentinel-2 L2A'],
    ['sentinel-2 l1c', 'uint16', 10, 'Sentinel-2 L1C'],
    ['Landsat-8', 'uint16', 30, 'Landsat 8-9 L2'],
    ['Landsat-5', 'uint8', 30, 'Landsat 5-7 L1'],
    ['Landsat-5', 'uint16', 30, 'Landsat 5-7 L2'],
    ['simulated-1m', 'uint16', 1, undefined],
    ['planted', 'uint16', 10, undefined],
    ['', 'uint16', 10, undefined],
  ])('%s in %s with pixels of %s m is %s', (asked, sampleType, gsdM, found) => {
    expect(findPreset(asked, sampleType, gsdM)?.name).toBe(found);
  });

  it('is found by every name in the table', () => {
    for (const preset of sensorPresets) {
      expect(findPreset(preset.name, preset.sampleTypes[0], preset.gsdM[0])?.name).toBe(preset.name);
    }
  });
});

describe('the table', () => {
  it('names known roles only, one list for each number of bands, and scales that keep ground within 0-1', () => {
    for (const preset of sensorPresets) {
      const lists = preset.bands.map((list) => list.split(','));
      for (const role of lists.flat()) expect(bandRoles).toContain(role);
      expect(new Set(lists.map(({ length }) => length)).size).toBe(lists.length);
      for (const alias of preset.aliases) expect(alias).toMatch(/^[a-z0-9]+$/);
      const { reflectance } = preset;
      if (preset.kind === 'sar') expect(reflectance).toBeNull();
      if (reflectance === null) continue;
      expect(reflectance.scale * 20_000 + reflectance.offset).toBeGreaterThan(0.3);
      expect(reflectance.scale * 20_000 + reflectance.offset).toBeLessThan(2.1);
    }
  });

  it('gives the roles of as many bands as a file has', () => {
    const wide = findPreset('GF-6 WFV', 'uint16', 16)!;
    expect(presetBands(wide, 8)).toEqual(['B', 'G', 'R', 'N', 'RE1', 'RE2', 'C', 'Y']);
    expect(presetBands(wide, 5)).toBeNull();
  });

  it('knows that Sentinel-2 adds 1000 from baseline 04.00 on', () => {
    const level2 = findPreset('Sentinel-2 L2A', 'uint16', 10)!;
    expect(presetReflectance(level2, 301)).toEqual({ scale: 1e-4, offset: 0 });
    expect(presetReflectance(level2, null)).toEqual({ scale: 1e-4, offset: 0 });
    for (const baseline of [400, 510])
      expect(presetReflectance(level2, baseline)).toEqual({ scale: 1e-4, offset: -0.1 });
  });
});
