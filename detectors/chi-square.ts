/** Survival function P(X > x) of χ² with `degrees` degrees of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  if (x === Infinity) return 0;
  return upperGamma(degrees / 2, x / 2);
}

const tableSteps = 4096;

/**
 * The same tail from a table, linearly interpolated (error < 1e-5): for millions of pixels.
 * Beyond the table's end the tail is below 1e-12 and taken as 0.
 */
export function chiSquareTailTable(degrees: number): (x: number) => number {
  let end = degrees + 60;
  while (chiSquareTail(end, degrees) > 1e-12) end += 20;
  // Steps in √x: the tail bends most near 0.
  const scale = tableSteps / Math.sqrt(end);
  const table = Float64Array.from({ length: tableSteps + 2 }, (_, i) => chiSquareTail((i / scale) ** 2, degrees));
  return (x) => {
    if (!(x > 0)) return 1;
    const at = Math.sqrt(x) * scale;
    if (at >= tableSteps) return 0;
    const i = Math.floor(at);
    return table[i] + (at - i) * (table[i + 1] - table[i]);
  };
}

/** Regularised upper incomplete gamma Q(a, x): series below a + 1, continued fraction above (Lentz). */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 500 && term > sum * 1e-16; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 500; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-15) break;
  }
  return h * scale;
}

/** ln Γ(x) for x > 0, Lanczos g = 7, n = 9 (Numerical Recipes §6.1 form), relative error < 1e-13. */
function logGamma(x: number): number {
  const coefficients = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = coefficients[0];
  for (let i = 1; i < 9; i++) sum += coefficients[i] / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
