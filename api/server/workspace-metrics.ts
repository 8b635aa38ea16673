import { Gauge, type Registry } from 'prom-client';
import type { Store } from '../../services/store/open.ts';
import { type OperationFigures, operationFigures } from '../../services/store/operation.ts';

/** Figures are counted at most so often, however often they are scraped. */
const keptMs = 30_000;

export interface Watched {
  store: Store;
  /** The workspace's clock. */
  now: () => Date;
  /** When the schedule runs next; null: never by itself. */
  nextRun: () => Date | null;
  /** ms of a clock that never goes back */
  clock?: () => number;
}

type Sample = [labels: Record<string, string>, value: number | null];

interface Figure {
  name: string;
  help: string;
  labels?: string[];
  read: (told: OperationFigures) => Sample[];
}

const one = (value: number | null): Sample[] => [[{}, value]];

const figures: readonly Figure[] = [
  {
    name: 'patches',
    help: 'Patches of the months that are not closed',
    labels: ['state', 'overdue'],
    read: ({ patches }) =>
      patches.flatMap(({ state, patches: all, overdue }): Sample[] => [
        [{ state, overdue: 'true' }, Number(overdue)],
        [{ state, overdue: 'false' }, Number(all) - Number(overdue)],
      ]),
  },
  {
    name: 'runs',
    help: 'Runs on record',
    labels: ['state'],
    read: ({ runs }) => runs.map(({ state, runs: count }): Sample => [{ state }, Number(count)]),
  },
  {
    name: 'last_run_start_timestamp_seconds',
    help: 'When the run began that began last',
    read: ({ lastRun }) => one(secondsOf(lastRun?.startedAt)),
  },
  {
    name: 'last_run_duration_seconds',
    help: 'How long that run took; absent while it goes on',
    read: ({ lastRun }) => one(durationOf(lastRun)),
  },
  {
    name: 'last_run_failed',
    help: '1 where that run failed',
    read: ({ lastRun }) => one(lastRun === null ? null : Number(lastRun.state === 'failed')),
  },
  {
    name: 'messages',
    help: 'Messages to other systems and people: on their way, or given up',
    labels: ['state'],
    read: ({ messages: { waiting, dead } }) => [
      [{ state: 'waiting' }, waiting],
      [{ state: 'dead' }, dead],
    ],
  },
  {
    name: 'messages_oldest_waiting_timestamp_seconds',
    help: 'Since when the message waits that waits longest',
    read: ({ messages }) => one(secondsOf(messages.oldestWaitingAt)),
  },
  { name: 'database_size_bytes', help: 'Size of the database', read: ({ databaseBytes }) => one(databaseBytes) },
];

/** Adds what is counted from the store when somebody scrapes. A database that does not answer is a figure too. */
export function addWorkspaceMetrics(
  registry: Registry,
  { store, now, nextRun, clock = () => performance.now() }: Watched,
) {
  let kept: { at: number; told: Promise<OperationFigures | null> } | null = null;
  const told = () => {
    if (kept === null || clock() - kept.at >= keptMs) {
      kept = { at: clock(), told: operationFigures(store.db, now()).catch(() => null) };
    }
    return kept.told;
  };
  const add = (name: string, help: string, labelNames: string[], samples: () => Promise<Sample[]>) =>
    new Gauge({
      ...{ name: `tuban_${name}`, help, labelNames, registers: [registry] },
      async collect() {
        const now = await samples();
        this.reset();
        // What has no value is left out: 0 would be one.
        if (labelNames.length === 0) this.remove();
        for (const [labels, value] of now) if (value !== null) this.set(labels, value);
      },
    });
  for (const { name, help, labels = [], read } of figures) {
    add(name, help, labels, async () => {
      const found = await told();
      return found === null ? [] : read(found);
    });
  }
  add('database_up', '1 where the database answers', [], async () => one(Number((await told()) !== null)));
  const next = 'When the schedule runs a month next; absent where it does not';
  add('schedule_next_run_timestamp_seconds', next, [], async () => one(secondsOf(nextRun()?.toISOString())));
}

function secondsOf(moment: string | null | undefined): number | null {
  return moment === null || moment === undefined ? null : Date.parse(moment) / 1000;
}

function durationOf(run: OperationFigures['lastRun']): number | null {
  if (run === null || run.finishedAt === null) return null;
  return (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
}
