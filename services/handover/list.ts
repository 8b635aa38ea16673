import { handOverSteps, listPackages, type PackageFilter, type PackageRow } from '../store/handovers.ts';
import type { Store } from '../store/open.ts';

/** Where a hand-over stands. waiting: sent, and no receipt is here; late: nor was one within the time. */
export type HandOverState = 'prepared' | 'waiting' | 'late' | 'received';

export interface HandOver extends PackageRow {
  state: HandOverState;
  sentAt: string | null;
  sentBy: string | null;
  /** Until when the receipt should be here, UTC. */
  dueAt: string | null;
  receipt: { at: string; actor: string; number: string; date: string; paperId: string } | null;
}

/** Every package in the order it was made, and where it stands at a moment. */
export async function listHandOvers(store: Store, filter: PackageFilter, now: Date): Promise<HandOver[]> {
  const packages = await listPackages(store.db, filter);
  const steps = await handOverSteps(
    store.db,
    packages.map(({ id }) => id),
  );
  return packages.map((one) => {
    const own = steps.filter(({ packageId, at }) => packageId === one.id && at <= now.toISOString());
    const sent = own.find(({ step }) => step === 'sent');
    const answer = own.find(({ step }) => step === 'receipt');
    return {
      ...one,
      state: stateOf(sent?.dueAt ?? null, sent !== undefined, answer !== undefined, now),
      sentAt: sent?.at ?? null,
      sentBy: sent?.actor ?? null,
      dueAt: sent?.dueAt ?? null,
      receipt: answer
        ? {
            at: answer.at,
            actor: answer.actor,
            number: answer.number!,
            date: answer.date!,
            paperId: answer.paperId!,
          }
        : null,
    };
  });
}

function stateOf(dueAt: string | null, sent: boolean, answered: boolean, now: Date): HandOverState {
  if (answered) return 'received';
  if (!sent) return 'prepared';
  return dueAt !== null && dueAt < now.toISOString() ? 'late' : 'waiting';
}
