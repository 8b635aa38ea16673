import { eventHash, GENESIS, type LoggedColumns } from './event-chain.ts';

export type ChainedEvent = LoggedColumns & { prevHash: string; hash: string };

/** An event at which the log is not what was written. */
export interface ChainFault {
  seq: number;
  eventId: string;
  /** edited: the event is not the one that was hashed. unlinked: it does not follow the event before it. */
  kind: 'edited' | 'unlinked';
  problem: string;
}

/** Where a walk begins: the event before its first one. */
export interface ChainStart {
  seq: number;
  hash: string;
  /** Events up to there. */
  count: number;
}

export const FROM_THE_BEGINNING: ChainStart = { seq: 0, hash: GENESIS, count: 0 };

/**
 * Walks along the log in the order of seq and finds where it was changed afterwards. After a fault it goes on from
 * what is written, so that one change is one or two faults and not one for every event after it.
 */
export class ChainWalk {
  #head: ChainStart;

  constructor(start: ChainStart) {
    this.#head = start;
  }

  get head(): ChainStart {
    return this.#head;
  }

  /** The next event; null where it is what was written and follows the one before it. */
  step(event: ChainedEvent): ChainFault | null {
    const before = this.#head;
    this.#head = { seq: event.seq, hash: event.hash, count: before.count + 1 };
    const { seq, id: eventId } = event;
    const hash = eventHash(event.prevHash, event);
    if (hash !== event.hash) {
      const problem = `its columns hash to ${brief(hash)}, where ${brief(event.hash)} was written: it was edited, or moved`;
      return { seq, eventId, kind: 'edited', problem };
    }
    if (event.prevHash === before.hash) return null;
    const place = before.count === 0 ? 'the beginning of the log' : `event ${before.seq} (${brief(before.hash)})`;
    const problem = `it was written after ${brief(event.prevHash)} and follows ${place}: an event between was deleted, added, edited or moved`;
    return { seq, eventId, kind: 'unlinked', problem };
  }
}

/** Enough of a hash to tell it from others by eye. */
function brief(hash: string): string {
  if (hash === '') return 'no hash';
  return hash === GENESIS ? 'the beginning' : `${hash.slice(0, 12)}…`;
}
