import { ServiceError } from '../error.ts';
import type { ChainStart } from './chain-walk.ts';
import { GENESIS } from './event-chain.ts';

/** Where the log once stood, as it was noted in the store or outside it. */
export interface Anchor {
  hash: string;
  /** Not known of an anchor that was handed in as a hash alone. */
  seq: number | null;
  count: number | null;
  /** When it was set, UTC; or null. */
  at: string | null;
}

export interface AnchorFault {
  anchor: Anchor;
  problem: string;
}

/** Holds a walk along the log against anchors. */
export class AnchorCheck {
  readonly #bySeq = new Map<number, Anchor[]>();
  readonly #byHash = new Map<string, Anchor[]>();
  readonly #faults: AnchorFault[] = [];
  readonly #anchors: readonly Anchor[];
  readonly #start: ChainStart;

  /** Anchors of events before `start` are left out. */
  constructor(anchors: readonly Anchor[], start: ChainStart) {
    this.#start = start;
    this.#anchors = anchors.filter(({ seq }) => seq === null || seq >= start.seq);
    for (const anchor of this.#anchors) {
      if (anchor.seq === null) push(this.#byHash, anchor.hash, anchor);
      else push(this.#bySeq, anchor.seq, anchor);
    }
    this.pass(start);
  }

  get checked(): number {
    return this.#anchors.length;
  }

  /** The walk has come to this event. */
  pass({ seq, hash, count }: ChainStart): void {
    this.#byHash.delete(hash);
    const here = this.#bySeq.get(seq);
    if (here === undefined) return;
    this.#bySeq.delete(seq);
    for (const anchor of here) {
      if (anchor.hash !== hash) {
        this.#fault(anchor, `event ${seq} has the hash ${hash.slice(0, 12)}… and not the anchored one`);
      } else if (anchor.count !== null && anchor.count !== count) {
        this.#fault(anchor, `${count} events lead up to event ${seq}, where there were ${anchor.count}`);
      }
    }
  }

  /** All faults, when the walk has come to its end at `head`. */
  end(head: ChainStart): AnchorFault[] {
    const last = head.count === 0 ? 'the log is empty' : `the log ends with event ${head.seq} (${head.count} events)`;
    for (const anchor of [...this.#bySeq.values()].flat()) {
      this.#fault(anchor, `event ${anchor.seq} is gone; ${last}`);
    }
    const part = this.#start.count === 0 ? '' : ` from event ${this.#start.seq} on`;
    for (const anchor of [...this.#byHash.values()].flat()) {
      this.#fault(anchor, `no event${part} has the anchored hash; ${last}`);
    }
    return this.#faults.toSorted((a, b) => (a.anchor.seq ?? Infinity) - (b.anchor.seq ?? Infinity));
  }

  #fault(anchor: Anchor, problem: string): void {
    this.#faults.push({ anchor, problem });
  }
}

function push<Key>(map: Map<Key, Anchor[]>, key: Key, anchor: Anchor): void {
  map.set(key, [...(map.get(key) ?? []), anchor]);
}

/**
 * Reads an anchor that was kept outside: the JSON that `audit anchor --json` prints, or a text with a hash of 64
 * hex digits in it. Throws bad-input, naming `source`, where there is none.
 */
export function readAnchor(source: string, text: string): Anchor {
  const said = jsonOf(text);
  const hashes: string[] = text.toLowerCase().match(/\b[0-9a-f]{64}\b/g) ?? [];
  if (new Set(hashes).size !== 1) {
    const got = hashes.length === 0 ? 'none' : `${hashes.length} different ones`;
    throw new ServiceError('bad-input', `${source}: wanted one anchor, with a hash of 64 hex digits; got ${got}.`);
  }
  const whole = (value: unknown) => (Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null);
  const at = typeof said['at'] === 'string' ? said['at'] : null;
  const seq = hashes[0] === GENESIS ? 0 : whole(said['seq']);
  return { hash: hashes[0], seq, count: seq === null ? null : whole(said['count']), at };
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
