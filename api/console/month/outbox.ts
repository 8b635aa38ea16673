import type { PatchDetail } from '../../server/schemas.ts';

/** One step of one patch on its way to the server. */
export interface Job {
  /** Idempotency-Key: sent again, the step is not taken again. */
  key: string;
  id: string;
  number: string;
  action: string;
  body: object;
  /** One of many that were asked for at once: it stays in sight when it is done. */
  ofMany: boolean;
  /** States before and after, as the console expects them; the server decides. */
  from: string;
  to: string;
  status: 'waiting' | 'sending' | 'retrying' | 'done' | 'refused' | 'cancelled';
  /** Why the server refused it. */
  refusal: Error | null;
}

/** What the console shows of a patch that was moved on, before and after the server has said so. */
export interface Moved {
  state: string;
  version: number;
  dueAt: string | null;
}

/** What the outbox needs of the world; tests hand in their own. */
export interface Post {
  send(job: Job, version: number): Promise<PatchDetail>;
  read(id: string): Promise<PatchDetail>;
  /** Whether another try may help: no connection, a busy server, a first try not answered yet. */
  mayPass(error: Error): boolean;
  wait(ms: number): Promise<void>;
  newKey(): string;
}

const atOnce = 3;
const longestWaitMs = 15_000;

/** A patch that a step can be taken with. */
export interface Subject {
  id: string;
  number: string;
  state: string;
  version: number;
  dueAt: string | null;
}

/**
 * Steps are shown as taken at once and sent one after another for each patch. What is refused is shown as it was; what
 * meets no server waits, and goes under the same key, so that a broken connection never doubles a step.
 */
export class Outbox {
  jobs: Job[] = [];
  private readonly post: Post;
  private readonly tell: () => void;
  private readonly moved = new Map<string, Moved>();
  private running = 0;
  private changed = 0;

  constructor(post: Post, onChange: () => void) {
    this.post = post;
    this.tell = onChange;
  }

  private onChange(): void {
    this.changed++;
    this.tell();
  }

  /** The patch as it is shown now: as listed, or as it was moved on since. */
  shown<T extends Subject>(patch: T): T {
    const moved = this.moved.get(patch.id);
    return moved === undefined || moved.version < patch.version ? patch : { ...patch, ...moved };
  }

  add(patch: Subject, action: string, to: string, input: object, ofMany = false): Job {
    const { id, number, state, version, dueAt } = this.shown(patch);
    const body = { action, ...input };
    const [key, from] = [this.post.newKey(), state];
    const job: Job = { key, id, number, action, body, ofMany, from, to, status: 'waiting', refusal: null };
    this.jobs.push(job);
    this.moved.set(id, { state: to, version, dueAt });
    this.onChange();
    this.pump();
    return job;
  }

  /** Takes back what was not sent yet; false where it is on its way or done. */
  cancel(job: Job): boolean {
    if (job.status !== 'waiting') return false;
    job.status = 'cancelled';
    this.show(job.id, job.from);
    this.onChange();
    return true;
  }

  /** What is known of the patch from elsewhere: its panel moved it on, or it was read again. */
  learn({ id, state, version, dueAt }: Subject): void {
    if ((this.moved.get(id)?.version ?? 0) <= version) this.moved.set(id, { state, version, dueAt });
    this.onChange();
  }

  /** Jobs that are not settled yet. */
  open(): Job[] {
    return this.jobs.filter(({ status }) => status === 'waiting' || status === 'sending' || status === 'retrying');
  }

  /** Counts what was shown otherwise: steps, answers, refusals. */
  get changes(): number {
    return this.changed;
  }

  /** The version of a patch that the server has told of, 0 where it was not moved on. */
  versionOf(id: string | undefined): number {
    return this.moved.get(id ?? '')?.version ?? 0;
  }

  /** Forgets what is settled. */
  forgetSettled(): void {
    this.jobs = this.open();
    this.onChange();
  }

  private show(id: string, state: string): void {
    const moved = this.moved.get(id);
    if (moved !== undefined) this.moved.set(id, { ...moved, state });
  }

  private pump(): void {
    while (this.running < atOnce) {
      const next = this.nextJob();
      if (next === undefined) return;
      this.running++;
      next.status = 'sending';
      void this.carry(next).finally(() => {
        this.running--;
        this.onChange();
        this.pump();
      });
    }
  }

  /** The first that waits for nothing before it: steps of one patch go in order. */
  private nextJob(): Job | undefined {
    const busy = new Set<string>();
    for (const job of this.jobs) {
      if (job.status === 'sending' || job.status === 'retrying') busy.add(job.id);
      if (job.status === 'waiting' && !busy.has(job.id)) return job;
    }
    return undefined;
  }

  private async carry(job: Job): Promise<void> {
    const { version } = this.moved.get(job.id) as Moved;
    for (let waitMs = 500; ; waitMs = Math.min(longestWaitMs, 2 * waitMs)) {
      try {
        this.settle(job, await this.post.send(job, version));
        return;
      } catch (error) {
        if (!this.post.mayPass(error as Error)) return this.refuse(job, error as Error);
        job.status = 'retrying';
        this.onChange();
        await this.post.wait(waitMs);
      }
    }
  }

  private settle(job: Job, { version, state, dueAt }: Subject): void {
    job.status = 'done';
    if (!job.ofMany) this.jobs = this.jobs.filter((one) => one !== job);
    const later = this.open().findLast(({ id }) => id === job.id);
    this.moved.set(job.id, { state: later?.to ?? state, version, dueAt });
  }

  /** Shown as it was, and what was to follow is not sent; then as it really is. */
  private async refuse(job: Job, refusal: Error): Promise<void> {
    Object.assign(job, { status: 'refused', refusal });
    for (const later of this.open().filter(({ id }) => id === job.id)) {
      Object.assign(later, { status: 'refused', refusal: null });
    }
    this.show(job.id, job.from);
    this.onChange();
    const now = await this.post.read(job.id).catch(() => null);
    if (now !== null) this.learn(now);
  }
}
