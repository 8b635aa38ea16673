import type { Label } from '../lifecycle/label.ts';

/** A paper with its fields filled: plain data, from which DOCX and PDF are made, and made again. */
export interface FilledPaper {
  edition: 'filled-paper-1';
  kind: string;
  name: Label;
  blocks: FilledBlock[];
  /** The step of the lifecycle that its issue belongs to, or null. */
  step: { subject: 'patch' | 'case'; action: string } | null;
  /** What the record did not have, in order; each stands in the text as a blank. */
  missing: MissingField[];
}

export interface MissingField {
  field: string;
  label: Label;
}

export type FilledBlock =
  | { block: 'title' | 'number' | 'addressee' | 'heading' | 'paragraph'; text: string }
  | { block: 'facts'; pairs: [label: string, value: string][] }
  | { block: 'table'; columns: FilledColumn[]; rows: string[][] }
  | { block: 'pictures'; rows: FilledPicture[][] }
  | { block: 'attachments'; items: string[] }
  | { block: 'opinions'; rows: string[] }
  | { block: 'signature'; lines: string[] };

export interface FilledColumn {
  title: string;
  /** Share of the width. */
  width: number;
  align: 'left' | 'right' | 'center';
}

export interface FilledPicture {
  /** Of the PNG, which is kept apart. */
  sha256: string;
  caption: string;
}

/** Stand in the text until the paper is issued; they are taken out of everything that is filled in. */
export const numberMark = '\ue000';
export const dateMark = '\ue001';

export interface Issued {
  number: string;
  /** As it is read: 2026年11月2日. */
  date: string;
}

/** Room to sign by hand. */
export const signedByHand = '\n\n签字：　　　　　　　　　年　　月　　日';

/** '（待填：文号）': what a person has yet to write. */
export function blank(label: Label): string {
  return `（待填：${label.zh}）`;
}

/** The text of a block as it is read; of a draft the number and date are blanks. */
export function textOf(written: string, issued: Issued | null): string {
  return written
    .replaceAll(numberMark, issued?.number ?? '（待填：文号）')
    .replaceAll(dateMark, issued?.date ?? '（待填：签发日期）');
}

/** Parts of a text, told apart by whether they are blanks: these are set off for the eye. */
export function partsOf(text: string): { text: string; isBlank: boolean }[] {
  return text
    .split(/(（待填：[^（）]*）)/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, isBlank: part.startsWith('（待填：') }));
}
