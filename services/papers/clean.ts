import { dateMark, numberMark } from './filled.ts';

/**
 * A value as it may stand in a paper: one line, without control characters, marks that turn or hide the text beside
 * them, and our own marks. What a file says must not change what the paper is.
 */
export function oneLine(value: string): string {
  return (
    value
      .toWellFormed()
      .normalize('NFC')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are taken out.
      .replace(/[\u0000-\u0020\u007f-\u00a0\u2028\u2029]+/g, ' ')
      .replace(/\p{Default_Ignorable_Code_Point}|[\ufdd0-\ufdef]|[\ufffe\uffff]/gu, '')
      .replaceAll(numberMark, '')
      .replaceAll(dateMark, '')
      .trim()
  );
}
