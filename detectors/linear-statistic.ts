/**
 * What IR-MAD and ISFA come to: T = Σₖ weight[k] · (constant[k] + Σ_b before[b,k]·x_b − after[b,k]·y_b)². Linear forms
 * of both dates and a weighted sum of their squares, so that one loop (and one kernel) serves both.
 */
export interface LinearStatistic {
  /** Indices of the bands that take part, p of them. */
  bands: number[];
  /** p × p, row b = band, column k = component. */
  before: number[];
  after: number[];
  constant: number[];
  weight: number[];
}

/** Pixels per round: what a round touches stays in the cache. */
const chunk = 2048;

/** T per pixel of co-located bands, in the samples' own radiometry. */
export function linearStatistic(form: LinearStatistic, before: Float32Array[], after: Float32Array[]): Float32Array {
  const p = form.bands.length;
  const count = before[0].length;
  const t = new Float32Array(count);
  const component = new Float64Array(chunk);
  for (let from = 0; from < count; from += chunk) {
    const n = Math.min(chunk, count - from);
    for (let k = 0; k < p; k++) {
      component.fill(form.constant[k]);
      for (let b = 0; b < p; b++) {
        const u = form.before[b * p + k];
        const v = form.after[b * p + k];
        const x = before[form.bands[b]];
        const y = after[form.bands[b]];
        for (let i = 0, j = from; i < n; i++, j++) component[i] += u * x[j] - v * y[j];
      }
      const weight = form.weight[k];
      for (let i = 0, j = from; i < n; i++, j++) t[j] += component[i] * component[i] * weight;
    }
  }
  return t;
}
