/** How many findings of a kind are told one by one; the rest are counted. */
const MOST_LISTED = 20;

/** What was found wrong of one kind. */
export interface Findings<Fault> {
  count: number;
  /** The first of them. */
  first: Fault[];
}

export function noFindings<Fault>(): Findings<Fault> {
  return { count: 0, first: [] };
}

export function addFinding<Fault>(findings: Findings<Fault>, fault: Fault): void {
  findings.count++;
  if (isListed(findings)) findings.first.push(fault);
}

/** Whether one more would still be told. */
export function isListed(findings: Findings<unknown>): boolean {
  return findings.first.length < MOST_LISTED;
}
