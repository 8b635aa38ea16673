/** Marks that turn or hide the text beside them; on paper they could make one name look like another. */
const unseen = /\p{Default_Ignorable_Code_Point}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is control characters that are taken out.
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g;

/**
 * The text as it can stand on paper: line ends are \n, control and direction marks gone, and a character that the font
 * does not have is named by its code, never printed as an empty box that could be anything.
 */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  const clean = text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(unseen, '')
    .replace(controls, ' ');
  let shown = '';
  for (const char of clean) {
    const code = char.codePointAt(0)!;
    shown += char === '\n' || has(code) ? char : `〔U+${code.toString(16).toUpperCase().padStart(4, '0')}〕`;
  }
  return shown;
}
