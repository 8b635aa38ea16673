export const stages = ['open', 'estimate', 'score', 'raster', 'patches'] as const;
export type Stage = (typeof stages)[number];

/** Tells of one stage: how many steps it has, and each as it is done. */
export interface Progress {
  begin(steps: number): void;
  tick(): void;
}

/** Measures the stages of a comparison, one after another, and says how far each is. */
export class Stopwatch {
  readonly #seconds: Partial<Record<Stage, number>> = {};
  readonly #onProgress: ((stage: Stage, done: number, total: number) => void) | undefined;
  #current: Stage = 'open';
  #since = performance.now();

  constructor(onProgress?: (stage: Stage, done: number, total: number) => void) {
    this.#onProgress = onProgress;
  }

  /** The stage begins when its progress does. */
  stage(stage: Stage): Progress {
    let done = 0;
    let total = 1;
    return {
      begin: (steps) => {
        this.#stop();
        this.#current = stage;
        total = steps;
        this.#onProgress?.(stage, done, total);
      },
      tick: () => this.#onProgress?.(stage, ++done, total),
    };
  }

  /** Seconds spent in each stage there was. */
  end(): Partial<Record<Stage, number>> {
    this.#stop();
    return this.#seconds;
  }

  #stop(): void {
    const now = performance.now();
    this.#seconds[this.#current] = (this.#seconds[this.#current] ?? 0) + (now - this.#since) / 1000;
    this.#since = now;
  }
}
