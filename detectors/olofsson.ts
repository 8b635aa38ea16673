/** A map's classes, a stratified random sample of it, and what the classes cover. */
export interface SampledMap {
  /** Names, in the order of what follows. */
  classes: string[];
  /** samples[i][j]: units of the map's class i that are class j in the reference. */
  samples: number[][];
  /** Area mapped as each class, in any unit. */
  mappedAreas: number[];
}

/** A figure and half of its 95 % confidence interval, NaN where too few samples tell. */
export interface Estimate {
  value: number;
  margin: number;
}

export interface ClassEstimate {
  name: string;
  mappedArea: number;
  /** What the class covers in truth, in the unit of the mapped areas. */
  area: Estimate;
  usersAccuracy: Estimate;
  producersAccuracy: Estimate;
}

export interface MapEstimate {
  overallAccuracy: Estimate;
  classes: ClassEstimate[];
}

/** Quantile of the normal distribution that leaves 2.5 % above it; the paper rounds it to 1.96, and so do we. */
const z95 = 1.96;

/**
 * Accuracy and area of each class from a stratified sample (Olofsson et al. 2014, Remote Sensing of Environment 148,
 * 42–57, eqs. 1–11), where counting pixels of the map would repeat its errors. Classes of the map are the strata.
 * @throws RangeError where the table is no square of counts, or a mapped class has no sample
 */
export function estimateMap({ classes, samples, mappedAreas }: SampledMap): MapEstimate {
  checkTable({ classes, samples, mappedAreas });
  const total = sum(mappedAreas);
  // A class that covers nothing has no samples, and weighs nothing.
  const strata = samples.map((row, i) => ({ row, n: sum(row), weight: mappedAreas[i] / total }));
  const share = (i: number, j: number) => (strata[i].n === 0 ? 0 : strata[i].row[j] / strata[i].n);
  /** Variance of the share of class j in stratum i. */
  const variance = (i: number, j: number) =>
    strata[i].weight === 0 ? 0 : (share(i, j) * (1 - share(i, j))) / (strata[i].n - 1);
  const all = classes.map((_, i) => i);
  const usersVariance = (i: number) => (share(i, i) * (1 - share(i, i))) / (strata[i].n - 1);

  const estimates = classes.map((name, j): ClassEstimate => {
    /** Share of the map that is class j in the reference (eq. 9), and its variance (eq. 10). */
    const proportion = sum(all.map((i) => strata[i].weight * share(i, j)));
    const proportionVariance = sum(all.map((i) => strata[i].weight ** 2 * variance(i, j)));
    const producers = (strata[j].weight * share(j, j)) / proportion;
    const others = sum(all.filter((i) => i !== j).map((i) => strata[i].weight ** 2 * variance(i, j)));
    const own = strata[j].weight ** 2 * (1 - producers) ** 2 * variance(j, j);
    return {
      name,
      mappedArea: mappedAreas[j],
      area: estimate(total * proportion, total ** 2 * proportionVariance),
      usersAccuracy: estimate(strata[j].n === 0 ? Number.NaN : share(j, j), usersVariance(j)),
      producersAccuracy: estimate(producers, (own + producers ** 2 * others) / proportion ** 2),
    };
  });
  const agreeing = sum(all.map((i) => strata[i].weight * share(i, i)));
  const agreeingVariance = sum(all.map((i) => strata[i].weight ** 2 * variance(i, i)));
  return { overallAccuracy: estimate(agreeing, agreeingVariance), classes: estimates };
}

function estimate(value: number, variance: number): Estimate {
  const margin = z95 * Math.sqrt(variance);
  return { value, margin: Number.isFinite(margin) ? margin : Number.NaN };
}

function checkTable({ classes, samples, mappedAreas }: SampledMap): void {
  const refuse = (problem: string) => {
    throw new RangeError(problem);
  };
  const size = classes.length;
  if (size < 2) refuse(`wanted at least 2 classes, got ${size}`);
  if (new Set(classes).size < size) refuse(`wanted classes of different names, got ${classes.join(', ')}`);
  if (samples.length !== size) refuse(`wanted ${size} rows of sample counts, one per class, got ${samples.length}`);
  if (mappedAreas.length !== size) refuse(`wanted ${size} mapped areas, one per class, got ${mappedAreas.length}`);
  for (const [i, row] of samples.entries()) {
    const name = classes[i];
    if (row.length !== size) refuse(`wanted ${size} sample counts in the row of ${name}, got ${row.length}`);
    const odd = row.find((count) => !(Number.isInteger(count) && count >= 0));
    if (odd !== undefined) refuse(`wanted whole sample counts from 0 in the row of ${name}, got ${odd}`);
    const area = mappedAreas[i];
    if (!(Number.isFinite(area) && area >= 0)) refuse(`wanted a mapped area of 0 or more for ${name}, got ${area}`);
    if (area > 0 && sum(row) < 2) refuse(`wanted at least 2 samples where ${name} is mapped, got ${sum(row)}`);
    if (area === 0 && sum(row) > 0) refuse(`wanted no samples of ${name}, which covers nothing, got ${sum(row)}`);
  }
  if (!(sum(mappedAreas) > 0)) refuse('wanted a mapped area above 0 for some class, got none');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
