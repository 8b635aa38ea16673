/** Longest plain text of a number in a .dbf; what is longer is written with an exponent. */
const LONGEST_PLAIN = 24;

/**
 * A number as a .dbf holds it: with the given digits behind the point where it comes back the same from those, else
 * with as few as it comes back the same from.
 * @param decimals null = as few as needed
 */
export function numberText(value: number, decimals: number | null): string {
  if (Object.is(value, -0)) return '-0';
  if (decimals !== null && Math.abs(value) < 1e21) {
    const fixed = value.toFixed(Math.min(decimals, 100));
    if (Number(fixed) === value) return fixed;
  }
  const short = String(value);
  return short.includes('e') ? withoutExponent(short, LONGEST_PLAIN) : short;
}

/** Digits behind the point. */
export function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  if (point < 0) return 0;
  const exponent = text.indexOf('e');
  return (exponent < 0 ? text.length : exponent) - point - 1;
}

/** '1.5e-7' as '0.00000015', unless that is longer than `longest`. */
function withoutExponent(text: string, longest: number): string {
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) as RegExpExecArray;
  const shift = Number(exponent);
  const digits = whole + fraction;
  const plain =
    shift < 0
      ? `0.${'0'.repeat(Math.min(-shift - 1, longest))}${digits}`
      : digits + '0'.repeat(Math.min(Math.max(0, shift - fraction.length), longest));
  // Numbers with an exponent above 0 begin at 1e21: no digits are left behind the point.
  return plain.length <= longest ? sign + plain : text;
}
