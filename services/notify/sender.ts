import type { Store } from '../store/open.ts';
import { addDigests } from './digests.ts';
import { addNotices } from './notices.ts';
import { type SendOptions, sendDue } from './send.ts';
import { withheld } from './withheld.ts';

/** How often new messages are looked for, and how often deadlines, which are read from the whole log. */
const EVERY_MS = 5_000;
const DEADLINES_EVERY_MS = 15 * 60_000;

export interface SenderOptions extends Omit<SendOptions, 'signal'> {
  /** The workspace's clock, by which its due dates are counted; `clock` is the sender's own. */
  now: () => Date;
  /** Waits, or is woken early by the signal. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told when a pass fails; the next one comes. */
  onTrouble: (error: unknown) => void;
}

export interface Sender {
  /** Resolves when what is under way has ended; nothing more is begun. */
  stop(): Promise<void>;
}

/** Sends until it is stopped. */
export function startSender(store: Store, options: SenderOptions): Sender {
  const stopping = new AbortController();
  const running = run(store, options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function run(store: Store, { now, sleep, onTrouble, ...options }: SenderOptions, signal: AbortSignal) {
  let deadlinesAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const at = options.clock();
    try {
      if (at.getTime() - deadlinesAt >= DEADLINES_EVERY_MS) {
        await addFromDeadlines(store, now(), at);
        deadlinesAt = at.getTime();
      }
      await sendDue(store, { ...options, signal });
    } catch (error) {
      onTrouble(error);
    }
    if (!signal.aborted) await sleep(EVERY_MS, signal);
  }
}

/** What is told since a day has come, and not since somebody did something. */
export async function addFromDeadlines(store: Store, at: Date, now: Date): Promise<void> {
  await withheld(store, at, async () => {
    await addNotices(store, at, now);
    await addDigests(store, at, now);
  });
}
