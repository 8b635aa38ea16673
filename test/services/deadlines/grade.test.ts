import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadlinesAt, GRADES } from '../../../services/deadlines/grade.ts';
import { chinaCalendar } from '../../../services/lifecycle/calendar.ts';
import { standardRules } from '../../../services/lifecycle/deadline-rules.ts';
import { nextEvent, type Step } from '../../../services/lifecycle/event.ts';
import { found, logOf, start, walkStep } from '../../support/step-walk.ts';

const first = found(); // 1 July 2025, a Tuesday: due on Tuesday the 8th
const at = (local: string) => new Date(`${local}+08:00`);
const grade = (events: readonly (typeof first.event)[], local: string) =>
  deadlinesAt(events, at(local), chinaCalendar, standardRules);

describe('the grade of a due date', () => {
  it.each([
    ['2025-07-02T23:59:59.999', 'none', null],
    // Three working days before Tuesday the 8th: Thursday the 3rd.
    ['2025-07-03T00:00', 'due-soon', '2025-07-02T15:59:59.999Z'],
    ['2025-07-08T23:59:59.999', 'due-soon', '2025-07-02T15:59:59.999Z'],
    ['2025-07-09T00:00', 'overdue', '2025-07-08T15:59:59.999Z'],
    ['2025-07-15T23:59:59.999', 'overdue', '2025-07-08T15:59:59.999Z'],
    ['2025-07-16T00:00', 'supervise', '2025-07-15T15:59:59.999Z'],
    ['2025-07-22T23:59:59.999', 'supervise', '2025-07-15T15:59:59.999Z'],
    ['2025-07-23T00:00', 'interview', '2025-07-22T15:59:59.999Z'],
  ])('at %s is %s', (local, wanted, since) => {
    expect(grade([first.event], local)).toMatchObject({ grade: wanted, since, dueAt: '2025-07-08T15:59:59.999Z' });
  });

  it('is nothing before there was anything', () => {
    expect(grade([first.event], '2025-07-01T09:59')).toBeNull();
  });

  it('at a past moment leaves out what came later', () => {
    const dismiss: Step = {
      subject: 'patch',
      id: 'p',
      action: 'dismiss',
      actor: 'li',
      reason: 'season',
      at: at('2025-07-10T10:00'),
    };
    const log = [first.event, nextEvent(dismiss, '430421', first.after).event];
    expect(grade(log, '2025-07-10T09:59')).toMatchObject({ state: 'found', grade: 'overdue' });
    expect(grade(log, '2025-07-10T10:00')).toMatchObject({ state: 'dismissed', grade: 'none', dueAt: null });
  });

  it('stands still with the clock, and says so', () => {
    const pause: Step = {
      subject: 'patch',
      id: 'p',
      action: 'pause',
      actor: 'li',
      payload: { note: 'rain' },
      at: at('2025-07-10T10:00'),
    };
    const log = [first.event, nextEvent(pause, '430421', first.after).event];
    expect(grade(log, '2026-07-10T10:00')).toMatchObject({ grade: 'none', because: { zh: '计时中止' } });
  });

  it('of a date counted without knowing the holidays says so', () => {
    const find: Step = { subject: 'patch', id: 'p', action: 'find', actor: 'run', at: at('2099-09-30T10:00') };
    const log = [nextEvent(find, '430421', null).event];
    const told = grade(log, '2099-10-20T10:00');
    expect(told).toMatchObject({ grade: 'supervise', holidaysKnown: false });
    expect(told?.because.zh).toContain('节假日未公布');
  });

  it('begins at the earliest when the date was set', () => {
    const warn: Step = {
      subject: 'patch',
      id: 'p',
      action: 'warn',
      actor: 'li',
      at: at('2025-07-02T10:00'),
      payload: { note: 'x', dueDate: '2025-07-03' },
    };
    const log = [first.event, nextEvent(warn, '430421', first.after).event];
    expect(grade(log, '2025-07-02T11:00')).toMatchObject({ grade: 'due-soon', since: '2025-07-02T02:00:00.000Z' });
  });
});

describe('over random logs', () => {
  const logs = fc.array(walkStep, { minLength: 3, maxLength: 25 }).map((walk) => logOf(walk, standardRules));
  const days = fc.integer({ min: 0, max: 400 * 24 });

  it('the grade at a moment is what a replay up to that moment computed then', () => {
    fc.assert(
      fc.property(logs, fc.array(days, { minLength: 1, maxLength: 6 }), (log, hours) => {
        for (const hour of hours) {
          const then = new Date(start.getTime() + hour * 3_600_000);
          // What had been logged by then, without knowing what follows.
          const known: typeof log = [];
          for (const event of log) if (new Date(event.at) <= then) known.push(event);
          expect(deadlinesAt(log, then, chinaCalendar, standardRules)).toEqual(
            deadlinesAt(known, then, chinaCalendar, standardRules),
          );
        }
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('while nothing happens it only rises, and since never lies ahead or moves within a grade', () => {
    fc.assert(
      fc.property(logs, fc.array(days, { minLength: 2, maxLength: 12 }), (log, hours) => {
        const last = new Date(log.at(-1)!.at).getTime();
        let before = { rank: -1, since: null as string | null };
        for (const hour of hours.toSorted((a, b) => a - b)) {
          const then = new Date(last + hour * 3_600_000);
          const now = deadlinesAt(log, then, chinaCalendar, standardRules)!;
          const rank = GRADES.indexOf(now.grade);
          expect(rank).toBeGreaterThanOrEqual(before.rank);
          if (now.since !== null) expect(now.since <= then.toISOString()).toBe(true);
          if (rank === before.rank) expect(now.since).toBe(before.since);
          before = { rank, since: now.since };
        }
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});
