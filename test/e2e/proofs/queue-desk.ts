import { ServiceError } from '../../../services/error.ts';
import type { Subject } from '../../../services/lifecycle/transition-row.ts';
import type { Store } from '../../../services/store/open.ts';
import type { PatchRow } from '../../../services/store/patches.ts';
import type { QueueWatch } from './queue-watch.ts';

/** What is expected of a step: that it is taken, that it is refused so, or either. */
export type Wanted = 'done' | 'either' | ServiceError['code'];

/** Where everything is done: by its clock, written down, and with somebody looking on. */
export class QueueDesk {
  /** What was done, a line each; refusals with their code. */
  readonly trail: string[] = [];
  now = new Date('2025-05-05T01:00:00Z');
  readonly store: Store;
  readonly watch: QueueWatch;

  constructor(store: Store, watch: QueueWatch) {
    this.store = store;
    this.watch = watch;
  }

  /** Does it, holds the outcome against what is expected, and sees that a refusal has changed nothing. */
  async expectOf(name: string, wanted: Wanted, act: () => Promise<unknown>): Promise<ServiceError | null> {
    let refusal: ServiceError | null = null;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'store-unusable') throw error;
      refusal = error;
    }
    const got = refusal?.code ?? 'done';
    const kind = /(patch|case) /.exec(name) ? 'step' : name.split(' ')[0];
    this.trail.push(`${this.now.toISOString()} ${name}: ${got}`);
    this.watch.count(refusal ? `${kind} ${got}` : kind);
    if (wanted !== 'either' && wanted !== got)
      throw new Error(`${name}: wanted ${wanted}, got ${got} ${refusal?.message ?? ''}`);
    if (refusal !== null && (await this.watch.hasChanged())) throw new Error(`${name}: refused, but changed`);
    await this.watch.afterStep();
    return refusal;
  }

  later(minutes: number): Date {
    this.now = new Date(this.now.getTime() + minutes * 60_000);
    return this.now;
  }

  patch(id: string): Promise<PatchRow> {
    return this.store.db.selectFrom('patches').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  }

  ids(subject: Subject): string[] {
    return [...this.watch.known.values()].filter((one) => one.subject === subject).map(({ id }) => id);
  }
}
