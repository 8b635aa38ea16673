import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { Inbox, type InboxEvent, type InboxOptions } from './inbox.ts';

export interface InboxWatch {
  /** Ends it, after the look that is under way. */
  stop(): Promise<void>;
}

export interface WatchOptions extends InboxOptions {
  onEvent(event: InboxEvent): void;
  /** Told when a look failed; the next one comes. */
  onTrouble(message: string): void;
}

/** Without word from the file system (network folders give none) the folder is looked at this often at least, ms. */
const pollMs = 10_000;
/** A copy of many files is a flood of words: looks begin this far apart, ms. */
const restMs = 200;

/** Looks at the folder, made where it is missing, again and again until it is stopped. */
export async function watchInbox(store: Store, { onEvent, onTrouble, ...options }: WatchOptions): Promise<InboxWatch> {
  await mkdir(options.folder, { recursive: true });
  const inbox = new Inbox(store, options, onEvent);
  const bell = new Bell(options.folder);
  let stopped = false;
  const going = (async () => {
    while (!stopped) {
      // Another process looks just now: that is as good.
      await inbox.look().catch((error: Error) => {
        if (!(error instanceof ServiceError && error.code === 'busy')) onTrouble(error.message);
      });
      await bell.sleep(restMs, false);
      // A file that may come to rest is looked at again when it should have.
      if (!stopped) await bell.sleep(inbox.isWaiting ? Math.min(pollMs, options.settleMs) : pollMs, true);
    }
  })();
  return {
    async stop() {
      stopped = true;
      bell.close();
      await going;
    },
  };
}

/** What has come to rest by now, and what does while it is waited for once. */
export async function emptyInbox(
  store: Store,
  options: InboxOptions,
  onEvent: (event: InboxEvent) => void,
): Promise<void> {
  const inbox = new Inbox(store, { ...options, factsWaitMs: 0 }, onEvent);
  await inbox.look();
  if (!inbox.isWaiting) return;
  await new Promise((resolve) => setTimeout(resolve, options.settleMs + 1));
  await inbox.look();
}

/** Sleeps until something happens in a folder, or a time is over. */
class Bell {
  #wake: (() => void) | null = null;
  #rung = false;
  #closed = false;
  readonly #watcher: FSWatcher | null;

  constructor(folder: string) {
    this.#watcher = watcherOf(folder, () => this.#ring());
  }

  /** @param mayWake false: the whole time, unless it is closed */
  async sleep(ms: number, mayWake: boolean): Promise<void> {
    if (this.#closed || (mayWake && this.#rung)) {
      this.#rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (!mayWake && !this.#closed) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
    if (mayWake) this.#rung = false;
  }

  close(): void {
    this.#closed = true;
    this.#watcher?.close();
    this.#ring();
  }

  #ring(): void {
    this.#rung = true;
    this.#wake?.();
  }
}

function watcherOf(folder: string, onWord: () => void): FSWatcher | null {
  try {
    // Some file systems give no word, and some stop giving it: the folder is looked at anyway.
    return watch(folder, onWord).on('error', () => {});
  } catch {
    return null;
  }
}
