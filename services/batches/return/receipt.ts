import type { Misfit } from './answers.ts';

/** What goes along with a returned file. */
export interface Receipt {
  edition: 'batch-receipt-1';
  batch: { id: string; profile: string; campaign: string | null; importedAt: string; importedBy: string };
  received: { name: string; sha256: string; files: { ending: string; sha256: string }[] };
  returned: { name: string; sha256: string; files: { ending: string; sha256: string }[] };
  counts: ReceiptCounts;
  /** How many rows each answer column was filled in of. */
  filled: Record<string, number>;
  /** Answer columns of the profile that the file does not have. */
  lackingColumns: string[];
  /** Answers that their columns could not hold as they are. */
  misfits: Misfit[];
  checks: Check[];
  at: string;
  by: string;
}

export interface ReceiptCounts {
  rows: number;
  /** Linked to what was known. */
  matched: number;
  /** Made patches of their own. */
  new: number;
  /** Not linked to anything yet, or unusable. */
  unmatched: number;
  answered: number;
  open: number;
}

export interface Check {
  what: string;
  holds: boolean;
}

/** Sums that must come out the same, printed with every receipt. */
export function checksOf({ rows, matched, new: fresh, unmatched, answered, open }: ReceiptCounts): Check[] {
  return [
    check(
      `行数 rows ${rows} = 匹配 matched ${matched} + 新增 new ${fresh} + 未匹配 unmatched ${unmatched}`,
      rows === matched + fresh + unmatched,
    ),
    check(`行数 rows ${rows} = 已答复 answered ${answered} + 未办结 open ${open}`, rows === answered + open),
  ];
}

function check(what: string, holds: boolean): Check {
  return { what, holds };
}
