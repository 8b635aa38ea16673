import { ServiceError } from '../../services/error.ts';

export interface Rate {
  perSecond: number;
  /** How many may come at once after a pause. */
  burst: number;
}

/** Beyond this many callers, those who have paused long enough to have their whole burst again are forgotten. */
const mostKept = 10_000;

/** A bucket of tokens for every caller, in memory: a request takes one, and they come back with time. */
export class RateLimits {
  readonly #rate: Rate;
  readonly #clock: () => number;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** @param clock ms of a clock that never goes back */
  constructor(rate: Rate, clock: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** @throws ServiceError too-many-requests with the whole seconds to wait, where the caller's bucket is empty */
  take(caller: string): void {
    const { perSecond, burst } = this.#rate;
    const at = this.#clock();
    const bucket = this.#filled(caller, at);
    if (bucket.tokens < 1) {
      const retryAfter = Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
      const wanted = `at most ${perSecond} requests a second, ${burst} at once`;
      throw new ServiceError('too-many-requests', `Too many requests: wanted ${wanted}.`, { retryAfter });
    }
    bucket.tokens -= 1;
    this.#forgetFull(at);
  }

  giveBack(caller: string): void {
    this.#filled(caller, this.#clock()).tokens += 1;
  }

  #filled(caller: string, at: number): { tokens: number; at: number } {
    const { perSecond, burst } = this.#rate;
    const bucket = this.#buckets.get(caller) ?? { tokens: burst, at };
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
    bucket.at = at;
    this.#buckets.set(caller, bucket);
    return bucket;
  }

  #forgetFull(at: number): void {
    if (this.#buckets.size <= mostKept) return;
    const { perSecond, burst } = this.#rate;
    for (const [caller, { tokens, at: seen }] of this.#buckets) {
      if (tokens + ((at - seen) / 1000) * perSecond >= burst) this.#buckets.delete(caller);
    }
  }
}
