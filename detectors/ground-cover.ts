/** What a patch's mean spectrum says, as numbers without unit; NaN where a band is missing. */
export interface Indices {
  /** (N − R) / (N + R) */
  ndvi: number;
  /** (G − N) / (G + N) */
  ndwi: number;
  /** (R − B) / (R + B): soil is red, film and panels are not. */
  redness: number;
  /** (2G − R − B) / (2G + R + B): what grows is green, what is built is grey. */
  greenness: number;
  /** Natural logarithm of the mean reflectance of B, G and R; NaN where the numbers are not known to be reflectance. */
  light: number;
  /** (G − S1) / (G + S1) and (S1 − N) / (S1 + N). */
  mndwi: number;
  ndbi: number;
}

type Range = readonly [usual: number, deviation: number];
type CoverRanges = Record<keyof Indices, Range> & { share: number };

/**
 * What ground looks like: usual value and deviation of each index, and how often patches end so. Deviations take in
 * the variety of a cover, a tenth or two of something else inside the patch, and what normalisation leaves. Usual
 * values are those that published spectra and multispectral images of such surfaces agree on to the first digit
 * (vegetation and soil lines, flat grey concrete, PVC and polyethylene film that reflects blue as much as red and
 * lets some of the near infrared of plants through, silicon panels that are darkest in red); none was fitted to the
 * simulator or to the tests' spectra.
 */
const covers = {
  canopy: cover(6, [0.72, 0.13], [-0.6, 0.13], [0.12, 0.2], [0.3, 0.13], [0.055, 0.4], [-0.3, 0.18], [-0.35, 0.15]),
  sparse: cover(5, [0.42, 0.11], [-0.42, 0.11], [0.2, 0.15], [0.12, 0.08], [0.09, 0.4], [-0.45, 0.12], [-0.08, 0.12]),
  straw: cover(3, [0.29, 0.07], [-0.41, 0.08], [0.28, 0.08], [0.05, 0.05], [0.14, 0.4], [-0.48, 0.1], [-0.02, 0.1]),
  soil: cover(10, [0.14, 0.06], [-0.29, 0.1], [0.33, 0.1], [0.01, 0.05], [0.16, 0.5], [-0.45, 0.12], [0.12, 0.09]),
  redSoil: cover(4, [0.17, 0.06], [-0.42, 0.1], [0.5, 0.1], [-0.08, 0.06], [0.12, 0.45], [-0.56, 0.1], [0.13, 0.09]),
  concrete: cover(6, [0.05, 0.04], [-0.1, 0.06], [0.09, 0.06], [0.02, 0.03], [0.26, 0.4], [-0.14, 0.1], [0.05, 0.08]),
  asphalt: cover(4, [0.09, 0.06], [-0.14, 0.07], [0.13, 0.07], [0.0, 0.04], [0.075, 0.35], [-0.28, 0.12], [0.14, 0.1]),
  blueRoof: cover(2, [0.2, 0.16], [-0.06, 0.12], [-0.27, 0.11], [0.06, 0.06], [0.2, 0.35], [-0.05, 0.2], [0, 0.15]),
  redRoof: cover(1, [0.12, 0.05], [-0.4, 0.08], [0.42, 0.09], [-0.14, 0.06], [0.11, 0.35], [-0.5, 0.12], [0.1, 0.1]),
  film: cover(2, [0.17, 0.07], [-0.18, 0.07], [0.02, 0.06], [0.03, 0.03], [0.27, 0.3], [-0.08, 0.12], [-0.1, 0.1]),
  panels: cover(2, [0.17, 0.12], [-0.18, 0.13], [-0.13, 0.07], [0.01, 0.06], [0.06, 0.3], [-0.32, 0.15], [0.15, 0.15]),
  water: cover(4, [-0.28, 0.2], [0.38, 0.2], [-0.1, 0.18], [0.14, 0.1], [0.05, 0.5], [0.65, 0.2], [-0.45, 0.3]),
  turbid: cover(3, [-0.2, 0.16], [0.26, 0.15], [0.15, 0.14], [0.1, 0.08], [0.1, 0.4], [0.5, 0.2], [-0.3, 0.3]),
  algae: cover(1.5, [0.12, 0.12], [0.05, 0.09], [-0.08, 0.12], [0.2, 0.1], [0.05, 0.35], [0.35, 0.2], [-0.35, 0.25]),
  shadow: cover(1, [0.15, 0.25], [-0.1, 0.25], [-0.2, 0.15], [0.03, 0.1], [0.02, 0.35], [0, 0.35], [0, 0.3]),
} satisfies Record<string, CoverRanges>;
export type Cover = keyof typeof covers;
const coverNames = Object.keys(covers) as Cover[];

/** Indices hang together: what they say counts as much as that of half as many that do not. */
const dependence = 2;
/** What fits no cover: anything is as likely as anything, over so wide a range of each index. */
const elsewhere = {
  share: 5,
  width: { ndvi: 1.6, ndwi: 1.6, redness: 1.1, greenness: 0.7, light: 3.5, mndwi: 1.6, ndbi: 1.4 },
};
/** Where numbers are counts of no known zero and gain, indices are off by more. */
const uncalibratedSpread = 1.3;

/** How likely each cover is, and that it is none of them. Sums to 1. */
export interface CoverChances {
  chances: Record<Cover, number>;
  none: number;
}

/**
 * Bayes' rule over the covers, each a normal distribution of its indices. `favour`: what else is known, such as the
 * shape, as factors.
 */
export function coverChances(
  indices: Indices,
  calibrated: boolean,
  favour: Partial<Record<Cover, number>>,
): CoverChances {
  const names = (Object.keys(indices) as (keyof Indices)[]).filter((name) => Number.isFinite(indices[name]));
  const spread = calibrated ? 1 : uncalibratedSpread;
  const logs = coverNames.map((each) => {
    let log = 0;
    for (const name of names) {
      const [usual, deviation] = (covers[each] as CoverRanges)[name];
      const wide = deviation * (name === 'light' ? 1 : spread);
      log -= ((indices[name] - usual) / wide) ** 2 / 2 + Math.log(wide * Math.sqrt(2 * Math.PI));
    }
    return log / dependence + Math.log(covers[each].share * (favour[each] ?? 1));
  });
  const width = names.reduce((sum, name) => sum + Math.log(elsewhere.width[name]), 0);
  logs.push(Math.log(elsewhere.share) - width / dependence);
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  const chances = Object.fromEntries(coverNames.map((each, i) => [each, weights[i] / sum])) as Record<Cover, number>;
  return { chances, none: weights[coverNames.length] / sum };
}

function cover(
  share: number,
  ndvi: Range,
  ndwi: Range,
  redness: Range,
  greenness: Range,
  [reflectance, deviation]: Range,
  mndwi: Range,
  ndbi: Range,
): CoverRanges {
  return { share, ndvi, ndwi, redness, greenness, light: [Math.log(reflectance), deviation], mndwi, ndbi };
}
