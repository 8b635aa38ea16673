import { ServiceError } from '../error.ts';
import type { Store } from '../store/open.ts';
import { findRun } from '../store/runs.ts';
import { latestDoneRun } from '../store/tile-rows.ts';

export type Side = 'before' | 'after';

/** The scenes that a month's run compared, the latest of each side first: what is in front where they overlap. */
export interface MonthImagery {
  run: string;
  before: readonly string[];
  after: readonly string[];
}

/** What months were compared of; a run's plan never changes, so it is read once. */
export class MonthsImagery {
  readonly #store: Store;
  #known = new Map<string, MonthImagery>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws ServiceError not-found where no run of the month is finished */
  async of(month: string): Promise<MonthImagery> {
    const id = await latestDoneRun(this.#store.db, month);
    const known = id === null ? undefined : this.#known.get(id);
    if (known !== undefined) return known;
    const run = id === null ? null : await findRun(this.#store.db, id);
    if (run === null)
      throw new ServiceError('not-found', `Of month ${month} there is no finished run to show images of.`);
    const { afters = [], befores = [] } = JSON.parse(run.planJson) as Record<string, { id: string }[] | undefined>;
    const ids = (scenes: { id: string }[]) => scenes.map((scene) => scene.id);
    const imagery = { run: run.id, before: ids(befores), after: ids(afters) };
    this.#known.set(run.id, imagery);
    return imagery;
  }
}
