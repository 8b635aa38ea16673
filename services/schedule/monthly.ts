import { schedule, validate } from 'node-cron';
import { ServiceError } from '../error.ts';
import { localDay } from '../lifecycle/deadline.ts';
import { monthBefore } from '../month/calendar-month.ts';

export interface ScheduledRuns {
  stop(): Promise<void>;
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

/**
 * Starts the run of the month before at every tick. A tick that finds a run under way, its own or another
 * process's, is refused and said so, never doubled.
 */
export function scheduleMonthlyRuns({ cron, now, run, log }: MonthlySchedule): ScheduledRuns {
  let running = false;
  const tick = async () => {
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
  const task = schedule(cron, tick, { timezone: 'Asia/Shanghai' });
  return { stop: async () => void (await task.destroy()) };
}
