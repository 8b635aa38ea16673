/** Points per millimetre: PDF counts in points. */
export const pointsPerMm = 72 / 25.4;

/** A4 with the margins of a sheet that is filed: the text block is 170 mm × 243 mm. */
export const page = { width: 595.28, height: 841.89, left: 56.7, right: 56.7, top: 68, bottom: 66 };

export const textWidth = page.width - page.left - page.right;

/** One grey and one red beside black ink: what is printed on an office's black-and-white printer must stay readable. */
export const colours = {
  ink: '#1c1c1e',
  grey: '#6e7278',
  line: '#c9cdd2',
  rule: '#3c3f44',
  tint: '#f3f4f6',
  red: '#b3261e',
};

/** Fills of charts, told apart in grey too: their lightness falls in steps, and lines have a dash each. */
export const seriesColours = ['#1f5f8b', '#d07a1f', '#4b8b3b', '#8a4f9e', '#7a7d82', '#b3261e'];

export type Weight = 'regular' | 'bold';

export interface TextStyle {
  /** Points. */
  size: number;
  /** Height of a line, points. */
  leading: number;
  weight: Weight;
  colour: string;
}

const regular = { weight: 'regular', colour: colours.ink } as const;
const bold = { weight: 'bold', colour: colours.ink } as const;

export const styles = {
  title: { ...bold, size: 20, leading: 30 },
  under: { ...regular, size: 10, leading: 16, colour: colours.grey },
  heading: { ...bold, size: 12.5, leading: 20 },
  body: { ...regular, size: 10.5, leading: 18 },
  cell: { ...regular, size: 9, leading: 14 },
  columnTitle: { ...bold, size: 9, leading: 14 },
  label: { ...regular, size: 9, leading: 14, colour: colours.grey },
  small: { ...regular, size: 8, leading: 12, colour: colours.grey },
} satisfies Record<string, TextStyle>;
