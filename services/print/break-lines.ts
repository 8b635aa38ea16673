/** May not stand at the start of a line (避头): closing punctuation, units and marks that belong to what is before. */
const closing = new Set('、。，．；：？！…—～·）】》〉」』〕〗｝］”’％‰℃㎡㎥々ー,.;:?!)]}%°′″'.split(''));
/** May not stand at the end of a line (避尾). */
const opening = new Set('（【《〈「『〔〖｛［“‘￥＄#([{$¥'.split(''));
/** Scripts that are written without spaces: a line may break on either side of each character. */
const wide = /[\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/**
 * Lines no wider than `width`, as Chinese is set: between Han characters a line breaks anywhere, words and numbers are
 * kept whole where they fit on a line at all and cut where they do not, closing marks do not start a line and opening
 * ones do not end it. Line feeds are breaks. `measure` gives the width of one character; `first` is what the first
 * line of each paragraph has less.
 */
export function breakLines(text: string, width: number, measure: (char: string) => number, first = 0): string[] {
  return text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, measure, first));
}

function breakParagraph(text: string, width: number, measure: (char: string) => number, first: number): string[] {
  const lines: string[] = [];
  let line = '';
  let left = width - first;
  const feed = () => {
    lines.push(line.trimEnd());
    line = '';
    left = width;
  };
  for (const unit of unitsOf(text)) {
    const wanted = widthOf(unit.trimEnd(), measure);
    if (wanted > left && line !== '') feed();
    if (wanted <= left) {
      // A space that a line would start with was only there to part words.
      if (line !== '' || lines.length === 0 || unit.trim() !== '') line += unit;
      left -= widthOf(unit, measure);
      continue;
    }
    // Wider than a whole line, as a hash may be.
    for (const char of unit) {
      const one = measure(char);
      if (one > left && line !== '') feed();
      line += char;
      left -= one;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** The pieces that a line may break between. */
function unitsOf(text: string): string[] {
  const units: string[] = [];
  let before = '';
  for (const char of text) {
    if (units.length > 0 && !breaksBetween(before, char)) units[units.length - 1] += char;
    else units.push(char);
    before = char;
  }
  return units;
}

function breaksBetween(before: string, char: string): boolean {
  if (char === ' ' || closing.has(char) || opening.has(before)) return false;
  if (before === ' ') return true;
  return wide.test(before) || wide.test(char) || closing.has(before) !== isWordMark(before);
}

/** Marks that stand inside numbers, file names and addresses: 1,234.5 or 2024-05-01T08:00. */
function isWordMark(char: string): boolean {
  return char === ',' || char === '.' || char === ':' || char === '%' || char === '?' || char === '!' || char === ';';
}

export function widthOf(text: string, measure: (char: string) => number): number {
  let width = 0;
  for (const char of text) width += measure(char);
  return width;
}
