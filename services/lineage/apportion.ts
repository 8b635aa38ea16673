/**
 * An area shared out by weights, each share to 0.01 m², so that the shares add up to it exactly: what rounding down
 * leaves over goes, a hundredth each, to those that lost most by it (largest remainder), of equals to the first.
 * @param areaM2 taken to 0.01
 * @param weights one at least, none negative, not all 0
 */
export function apportion(areaM2: number, weights: readonly number[]): number[] {
  const hundredths = Math.round(areaM2 * 100);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (hundredths * weight) / whole);
  const shares = exact.map(Math.floor);
  const left = hundredths - shares.reduce((sum, share) => sum + share, 0);
  const byLoss = exact.map((_, i) => i).sort((a, b) => exact[b] - shares[b] - (exact[a] - shares[a]) || a - b);
  for (const i of byLoss.slice(0, left)) shares[i]++;
  return shares.map((share) => share / 100);
}
