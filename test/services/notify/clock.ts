import { vi } from 'vitest';

/**
 * A clock that stands until it is moved on; the library that checks signatures goes by it too, as it compares their
 * time with today's.
 */
export class TestClock {
  #now: number;

  constructor(start: string) {
    this.#now = Date.parse(start);
    vi.useFakeTimers({ toFake: ['Date'], now: this.#now });
  }

  readonly now = (): Date => new Date(this.#now);

  forward(ms: number): void {
    this.#now += ms;
    vi.setSystemTime(this.#now);
  }

  end(): void {
    vi.useRealTimers();
  }
}
