/** Digits of the unified social credit code (GB 32100-2015): no I, O, S, V, Z. */
const CREDIT_DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** Digit that makes the weighted sum of an ID number a multiple of 11, by what is left over. */
const ID_CHECKS = '10X98765432';

/** Why a text is no 统一社会信用代码, in a few words, or null where it is one. Its last digit checks the others: weights 3^i modulo 31. */
export function creditCodeFault(code: string): string | null {
  if (code.length !== 18) return `18 characters are wanted, it has ${code.length}`;
  const values = [...code].map((digit) => CREDIT_DIGITS.indexOf(digit));
  const wrong = values.indexOf(-1);
  if (wrong >= 0) return `'${code[wrong]}' is no digit of it`;
  if (!/^[1-9A-HJ-NPQRTUWXY]{2}\d{6}/.test(code)) return 'characters 3 to 8 are the digits of a district';
  let [sum, weight] = [0, 1];
  for (const value of values.slice(0, 17)) {
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  const check = CREDIT_DIGITS[(31 - (sum % 31)) % 31];
  return check === code[17] ? null : `its check digit should be ${check}, it is ${code[17]}`;
}

/** The same of a resident's 18-digit ID number (GB 11643): ISO 7064 MOD 11-2 over the digits, and a day of birth. */
export function idNumberFault(id: string): string | null {
  if (!/^\d{17}[\dX]$/.test(id)) return '17 digits and a check digit are wanted';
  const born = `${id.slice(6, 10)}-${id.slice(10, 12)}-${id.slice(12, 14)}`;
  const day = new Date(`${born}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || !day.toISOString().startsWith(born)) return 'its day of birth is none';
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(id[i]) * (2 ** (17 - i) % 11);
  return ID_CHECKS[sum % 11] === id[17] ? null : 'its check digit is wrong';
}
