import type { Insertable } from 'kysely';
import type { Store } from '../store/open.ts';
import { insertReads } from '../store/reads.ts';
import type { ReadTable } from '../store/schema-audit.ts';

export type Read = Omit<Insertable<ReadTable>, 'seq'>;

export interface ReadLogOptions {
  /** How long a read waits to be written with others. */
  everyMs?: number;
  /** This many are written without waiting longer. */
  most?: number;
  /** Told when writing fails; the reads are kept, and tried again. */
  onTrouble: (error: unknown, waiting: number) => void;
}

/**
 * Takes note of who read what. record() costs a request nothing but a place in a list; the list is written in the
 * background. close() writes what is left. A process that is killed loses what was read in its last moments.
 */
export class ReadLog {
  readonly #store: Store;
  readonly #options: Required<ReadLogOptions>;
  #waiting: Read[] = [];
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(store: Store, options: ReadLogOptions) {
    this.#store = store;
    this.#options = { everyMs: 1000, most: 500, ...options };
  }

  record(read: Read): void {
    if (this.#closed) throw new Error('The read log is closed; a read came after its last one was written.');
    this.#waiting.push(read);
    if (this.#waiting.length === this.#options.most && this.#writing === null) this.#writeSoon(0);
    else if (this.#timer === null) this.#writeSoon(this.#options.everyMs);
  }

  /** Writes all that was recorded so far. Throws what the store throws; nothing is lost then. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    // In parts, so that no answer waits long for the writer's place.
    for (let left = this.#waiting.length; left > 0; left -= this.#options.most) {
      let failure: { error: unknown } | null = null;
      this.#writing = this.#write().catch((error: unknown) => {
        failure = { error };
      });
      await this.#writing;
      if (failure !== null) throw (failure as { error: unknown }).error;
    }
  }

  /** Writes what is left; nothing can be recorded after. Throws where the store refuses it. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.flush();
  }

  #writeSoon(afterMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.flush().catch((error: unknown) => {
        this.#options.onTrouble(error, this.#waiting.length);
        if (!this.#closed) this.#writeSoon(this.#options.everyMs);
      });
    }, afterMs);
    // The list alone keeps no process from ending; who ends it cleanly calls close().
    this.#timer.unref();
  }

  async #write(): Promise<void> {
    const reads = this.#waiting.splice(0, this.#options.most);
    try {
      await this.#store.db.transaction().execute((trx) => insertReads(trx, reads));
    } catch (error) {
      this.#waiting = [...reads, ...this.#waiting];
      throw error;
    } finally {
      this.#writing = null;
    }
  }
}
