/** Lines of one part of an explanation. */
export type Chapter = string[];

/** An explanation taken apart: by which rule, what was established, on what it rests, and the checks in order. */
export interface Chapters {
  basis: string;
  facts: Chapter;
  evidence: Chapter | null;
  checks: Chapter | null;
}

const evidenceHead = /^(证据|Evidence)$/;
const checksHead = /^(检查过程|Checks in order)$/;

/** Takes the server's explanation apart: the verdict and rule, lines of their own, and chapters whose lines are indented. */
export function chaptersOf(lines: readonly string[]): Chapters {
  const [, basis = '', ...rest] = lines;
  const first = rest.findIndex((_, i) => rest[i + 1]?.startsWith('  '));
  const chapter = (head: RegExp): Chapter | null => {
    const at = rest.findIndex((line) => head.test(line));
    if (at < 0) return null;
    const after = rest.slice(at + 1);
    const end = after.findIndex((line) => !line.startsWith('  '));
    // Their numbers are the list's own.
    return after.slice(0, end < 0 ? after.length : end).map((line) => line.trim().replace(/^\d+\. /, ''));
  };
  return {
    basis,
    facts: rest.slice(0, Math.max(0, first)),
    evidence: chapter(evidenceHead),
    checks: chapter(checksHead),
  };
}
