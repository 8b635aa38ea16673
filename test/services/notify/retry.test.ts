import { describe, expect, it } from 'vitest';
import { nextTry, pauseAsked, RETRY_AFTER_SECONDS } from '../../../services/notify/retry.ts';

const at = new Date('2025-07-10T01:00:00Z');
const secondsTo = (time: Date | null) => (time!.getTime() - at.getTime()) / 1000;

describe('the pauses between tries', () => {
  it('grow, lie within a fifth of the schedule, differ from message to message, and end', () => {
    RETRY_AFTER_SECONDS.forEach((wanted, i) => {
      const drawn = Array.from({ length: 200 }, (_, name) => secondsTo(nextTry(i + 1, at, `m${name}`, null)));
      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.8 * wanted);
      expect(Math.max(...drawn)).toBeLessThanOrEqual(1.2 * wanted);
      expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(0.3 * wanted);
      if (i > 0) expect(wanted).toBeGreaterThan(RETRY_AFTER_SECONDS[i - 1]);
    });
    expect(nextTry(RETRY_AFTER_SECONDS.length + 1, at, 'm', null)).toBeNull();
    expect(nextTry(3, at, 'm', null)).toEqual(nextTry(3, at, 'm', null));
  });

  it('are as long as the receiver asks, up to a day', () => {
    expect(secondsTo(pauseAsked('120', at))).toBe(120);
    expect(secondsTo(pauseAsked('Thu, 10 Jul 2025 01:05:00 GMT', at))).toBe(300);
    expect(secondsTo(pauseAsked('99999999', at))).toBe(86_400);
    for (const nothing of [null, '', 'soon', '-5', '0', 'Thu, 10 Jul 2025 00:05:00 GMT']) {
      expect(pauseAsked(nothing, at)).toBeNull();
    }
    expect(secondsTo(nextTry(1, at, 'm', pauseAsked('3600', at)))).toBe(3600);
    expect(secondsTo(nextTry(6, at, 'm', pauseAsked('60', at)))).toBeGreaterThan(10_000);
  });
});
