/** Surface reflectance 0-1 in the order of the files' bands: blue, green, red, near infrared. */
export type Spectrum = readonly [blue: number, green: number, red: number, nir: number];

/**
 * Typical spectra of the simulated surfaces. Starting points are published library means (rice canopy,
 * litter, asphalt, road, metal, paint, soil), then judged by eye on 1 m pictures of the Hunan hills:
 * field soil is about half as bright as dry laboratory soil, and red.
 */
export const SPECTRA = {
  riceGreen: [0.034, 0.078, 0.047, 0.44],
  riceRipe: [0.058, 0.118, 0.128, 0.33],
  maizeGreen: [0.036, 0.074, 0.05, 0.39],
  maizeRipe: [0.07, 0.11, 0.13, 0.28],
  lowGreen: [0.038, 0.09, 0.056, 0.4],
  lowRipe: [0.056, 0.1, 0.1, 0.31],
  leafGreen: [0.042, 0.105, 0.058, 0.43],
  weedsGreen: [0.044, 0.082, 0.062, 0.33],
  weedsDry: [0.068, 0.1, 0.108, 0.27],

  paddyWater: [0.066, 0.09, 0.092, 0.066],
  mud: [0.05, 0.073, 0.09, 0.116],
  soil: [0.072, 0.112, 0.158, 0.215],
  straw: [0.086, 0.13, 0.164, 0.275],
  char: [0.044, 0.05, 0.056, 0.085],
  film: [0.29, 0.31, 0.32, 0.38],

  pondWater: [0.046, 0.07, 0.056, 0.03],
  pondAlgae: [0.036, 0.076, 0.044, 0.075],
  riverWater: [0.074, 0.102, 0.096, 0.05],
  gravelBar: [0.15, 0.18, 0.2, 0.24],

  crownLit: [0.031, 0.066, 0.041, 0.39],
  crownPine: [0.028, 0.054, 0.038, 0.3],
  crownBamboo: [0.036, 0.084, 0.05, 0.45],
  crownShade: [0.018, 0.031, 0.022, 0.16],
  orchardCrown: [0.027, 0.056, 0.034, 0.34],
  grass: [0.046, 0.086, 0.068, 0.32],
  grassDry: [0.072, 0.1, 0.112, 0.26],
  shrub: [0.032, 0.064, 0.045, 0.3],

  subsoilRed: [0.078, 0.126, 0.222, 0.296],
  subsoilYellow: [0.112, 0.172, 0.246, 0.325],
  subsoilDamp: [0.056, 0.088, 0.145, 0.196],
  sand: [0.2, 0.255, 0.3, 0.345],
  gravel: [0.165, 0.19, 0.205, 0.23],
  concreteNew: [0.27, 0.31, 0.33, 0.36],
  concreteOld: [0.17, 0.195, 0.21, 0.235],
  asphalt: [0.062, 0.072, 0.08, 0.098],
  dirtRoad: [0.105, 0.14, 0.18, 0.225],
  courtyard: [0.135, 0.16, 0.18, 0.21],

  tileGrey: [0.086, 0.098, 0.106, 0.13],
  tileDark: [0.055, 0.062, 0.068, 0.09],
  tileRed: [0.07, 0.085, 0.17, 0.215],
  metalBlue: [0.3, 0.25, 0.165, 0.29],
  metalWhite: [0.37, 0.39, 0.395, 0.42],
  terrace: [0.14, 0.155, 0.165, 0.19],
} as const satisfies Record<string, Spectrum>;

export type SpectrumName = keyof typeof SPECTRA;

export function blend(a: Spectrum, b: Spectrum, share: number): Spectrum {
  return [
    a[0] + (b[0] - a[0]) * share,
    a[1] + (b[1] - a[1]) * share,
    a[2] + (b[2] - a[2]) * share,
    a[3] + (b[3] - a[3]) * share,
  ];
}

/** Brighter or darker, each band a little on its own. */
export function varied(spectrum: Spectrum, brightness: number, tints: Spectrum): Spectrum {
  return [
    spectrum[0] * brightness * tints[0],
    spectrum[1] * brightness * tints[1],
    spectrum[2] * brightness * tints[2],
    spectrum[3] * brightness * tints[3],
  ];
}
