import type { ChangeModel } from '../../detectors/model.ts';

/** What threads need to know before they can tell change from everything else. */
export interface Judgement {
  model: ChangeModel;
  /** Score below which a block's mean difference tells of nothing. */
  screenScore: number;
  /** How far above the threshold a patch must reach somewhere, in thresholds. */
  seed: number;
}

const closed = 0;
const opened = 1;
const headBytes = 8;
const mostBytes = 1 << 20;

/**
 * Lets threads begin to read a pair while its model is still being fitted: they wait here before they judge.
 * The judgement lies in shared memory as JSON; nothing (null) tells them to leave off.
 */
export class ModelGate {
  readonly shared: SharedArrayBuffer;
  readonly #state: Int32Array;

  constructor(shared = new SharedArrayBuffer(mostBytes)) {
    this.shared = shared;
    this.#state = new Int32Array(shared, 0, 2);
  }

  /** @throws RangeError for a model too large to be handed on */
  open(judgement: Judgement | null): void {
    const json = Buffer.from(JSON.stringify(judgement));
    if (json.length > mostBytes - headBytes) throw new RangeError(`A model of ${json.length} bytes as JSON.`);
    new Uint8Array(this.shared, headBytes).set(json);
    Atomics.store(this.#state, 1, json.length);
    Atomics.store(this.#state, 0, opened);
    Atomics.notify(this.#state, 0);
  }

  get isOpen(): boolean {
    return Atomics.load(this.#state, 0) === opened;
  }

  /** Blocks this thread until the gate is open; not for the main thread. */
  wait(): Judgement | null {
    Atomics.wait(this.#state, 0, closed);
    const json = Buffer.from(this.shared, headBytes, Atomics.load(this.#state, 1));
    return JSON.parse(json.toString());
  }
}
