import type { Kind } from '../legality/kinds.ts';
import type { Label } from '../lifecycle/label.ts';
import { CAUSES } from '../lifecycle/reasons.ts';
import { withoutUndone } from '../lifecycle/undone.ts';
import { localDay } from '../local-time.ts';
import type { ClosingEvent } from '../store/closings.ts';
import type { PatrolAnswer } from './patrol.ts';

/** One patch that was cleared, and why the breach had come about. */
export interface Closing {
  patchId: string;
  district: string;
  areaM2: number;
  /** YYYY-MM in which it was cleared, Asia/Shanghai. */
  month: string;
  /** Of lifecycle CAUSES; null: it was cleared before causes were asked for. */
  cause: string | null;
}

/** The patches whose latest end is that they were cleared: who was reopened since is none. Pure. */
export function closingsOf(events: readonly ClosingEvent[]): Closing[] {
  const closings = new Map<string, Closing>();
  for (const { subjectId, action, at, payloadJson, district, areaM2 } of withoutUndone(events)) {
    if (action !== 'resolve') {
      closings.delete(subjectId);
      continue;
    }
    const { cause } = JSON.parse(payloadJson) as { cause?: unknown };
    const code = typeof cause === 'string' ? cause : null;
    closings.set(subjectId, { patchId: subjectId, district, areaM2, month: localDay(at).slice(0, 7), cause: code });
  }
  return [...closings.values()].sort((a, b) => (a.patchId < b.patchId ? -1 : 1));
}

export interface CauseTally {
  district: string;
  /** By code, every code of the lifecycle and 'unsaid'; counts and m². */
  causes: { cause: string; label: Label; patches: number; areaM2: number }[];
  patches: number;
  areaM2: number;
}

const UNSAID = { code: 'unsaid', label: { zh: '未填', en: 'Not said' } };

/** Cleared patches by district and cause; the causes of a district add up to its patches. In order of district. Pure. */
export function tallyCauses(closings: readonly Closing[]): CauseTally[] {
  const codes = [...CAUSES, UNSAID];
  return [...Map.groupBy(closings, ({ district }) => district).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([district, group]) => {
      const sum = (all: readonly Closing[]) => all.reduce((total, { areaM2 }) => total + areaM2, 0);
      const known = (cause: string | null) => (codes.some(({ code }) => code === cause) ? cause! : UNSAID.code);
      const causes = codes.map(({ code, label }) => {
        const own = group.filter(({ cause }) => known(cause) === code);
        return { cause: code, label, patches: own.length, areaM2: sum(own) };
      });
      return { district, causes, patches: group.length, areaM2: sum(group) };
    });
}

/** What is known of a patch that may say why the breach could come about. */
export interface CauseFacts {
  patrol: PatrolAnswer;
  /** Kind of the rules' latest opinion, or null. */
  opinionKind: string | null;
}

export interface ProposedCause {
  cause: string;
  because: Label;
}

/** Breaches in which approval came, or was under way, and building did not wait for it. */
const IN_HASTE: readonly Kind[] = ['used-before-approval', 'used-before-supply'];
/** Breaches in which an approval was there and did not cover what was done. */
const NOT_COVERED: readonly Kind[] = [
  'beyond-approval',
  'elsewhere-than-approved',
  'temporary-overdue',
  'document-expired',
  'outside-document-scope',
  'beyond-licence',
];

/** The causes that the facts speak for, the plainest first; [] where they say nothing. A person decides. Pure. */
export function proposedCauses({ patrol, opinionKind }: CauseFacts): ProposedCause[] {
  const proposed: ProposedCause[] = [];
  const kind = opinionKind as Kind | null;
  if (kind !== null && IN_HASTE.includes(kind)) {
    const because = { zh: '批件晚于动工', en: 'its document is younger than the change' };
    proposed.push({ cause: 'project-urgency', because });
  }
  if (kind !== null && NOT_COVERED.includes(kind)) {
    const because = { zh: '有批件而未覆盖该变化', en: 'there is a document, which does not cover the change' };
    proposed.push({ cause: 'approval-gap', because });
  }
  if (patrol === 'no-patrol' || patrol === 'not-reported') {
    const because =
      patrol === 'no-patrol'
        ? { zh: '变化期间未巡查', en: 'nobody patrolled while it changed' }
        : { zh: '巡查未报告', en: 'it was patrolled and not reported' };
    proposed.push({ cause: 'patrol-gap', because });
  }
  return proposed;
}
