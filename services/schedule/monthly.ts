import { schedule, validate } from 'node-cron';
import { ServiceError } from '../error.ts';
import { localDay } from '../local-time.ts';
import { monthBefore } from '../month/calendar-month.ts';

export interface ScheduledRuns {
  stop(): Promise<void>;
  /** When the next tick comes; null: it has been stopped. */
  next(): Date | null;
}

export interface MonthlySchedule {
  /** Cron line, read in Asia/Shanghai. */
  cron: string;
  now: () => Date;
  /** Runs one month; throws ServiceError busy when a run is under way. */
  run(month: string): Promise<void>;
  /** Told what happened, started or refused. */
  log(message: string): void;
}

export function isCronLine(text: string): boolean {
  return validate(text);
}

/** Starts the run of the month before at every tick of the cron line. */
export function scheduleMonthlyRuns({ cron, ...monthly }: MonthlySchedule): ScheduledRuns {
  const task = schedule(cron, monthlyTick(monthly), { timezone: 'Asia/Shanghai' });
  return { stop: async () => void (await task.destroy()), next: () => task.getNextRun() };
}

/**
 * What happens at a tick: the month before today's in Shanghai is run. A tick that finds a run under way, its own
 * or another process's, is refused and said so, never doubled; whatever goes wrong is said and the next tick comes.
 */
export function monthlyTick({ now, run, log }: Omit<MonthlySchedule, 'cron'>): () => Promise<void> {
  let running = false;
  return async () => {
    const month = monthBefore(localDay(now()).slice(0, 7));
    if (running) {
      log(`Scheduled run of ${month} refused: the run before it is still under way.`);
      return;
    }
    running = true;
    try {
      log(`Scheduled run of ${month} starts.`);
      await run(month);
      log(`Scheduled run of ${month} is done.`);
    } catch (error) {
      const refused = error instanceof ServiceError && error.code === 'busy' ? 'refused' : 'failed';
      log(`Scheduled run of ${month} ${refused}: ${(error as Error).message}`);
    } finally {
      running = false;
    }
  };
}
