import { type FilledPaper, type Issued, textOf } from './filled.ts';

export interface Rendering {
  paper: FilledPaper;
  /** Null: a draft, and marked as one on every page. */
  issued: Issued | null;
  /** Stands in the file as its date. */
  at: Date;
  /** At the foot of every page: of what the paper is made. */
  footer: string;
  /** PNG by hash. */
  pictures: ReadonlyMap<string, Uint8Array>;
}

/** What the paper is called in files: its title, or else its kind's name. */
export function titleOf({ blocks, name }: FilledPaper, issued: Issued | null): string {
  const title = blocks.find((block) => block.block === 'title');
  return title !== undefined && 'text' in title ? textOf(title.text, issued) : name.zh;
}
