import { describe, expect, it } from 'vitest';
import { AnchorCheck, readAnchor } from '../../../services/audit/anchors.ts';
import { FROM_THE_BEGINNING } from '../../../services/audit/chain-walk.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(64));
const log = [
  { seq: 1, hash: a, count: 1 },
  { seq: 3, hash: b, count: 2 },
];

function faultsOf(anchor: { hash: string; seq?: number; count?: number }): string[] {
  const check = new AnchorCheck([{ seq: null, count: null, at: null, ...anchor }], FROM_THE_BEGINNING);
  for (const head of log) check.pass(head);
  return check.end(log[1]).map(({ problem }) => problem);
}

describe('an anchor', () => {
  it('holds where the log has its event, by number or by hash', () => {
    expect(faultsOf({ hash: a, seq: 1, count: 1 })).toEqual([]);
    expect(faultsOf({ hash: b })).toEqual([]);
    expect(faultsOf({ hash: FROM_THE_BEGINNING.hash, seq: 0, count: 0 })).toEqual([]);
  });

  it('does not where its event is gone, another, or follows fewer', () => {
    expect(faultsOf({ hash: c, seq: 4, count: 3 })).toEqual(['event 4 is gone; the log ends with event 3 (2 events)']);
    expect(faultsOf({ hash: c, seq: 3, count: 2 })).toEqual([
      `event 3 has the hash ${'b'.repeat(12)}… and not the anchored one`,
    ]);
    expect(faultsOf({ hash: b, seq: 3, count: 3 })).toEqual(['2 events lead up to event 3, where there were 3']);
    expect(faultsOf({ hash: c })).toEqual(['no event has the anchored hash; the log ends with event 3 (2 events)']);
  });

  it('is read from what was printed, as JSON or as text', () => {
    const set = { seq: 3, hash: b, count: 2, at: '2025-07-02T01:00:00.000Z' };
    expect(readAnchor('f', JSON.stringify(set))).toEqual(set);
    expect(readAnchor('f', `锚点 anchor ${b}\n--anchor ${b}\n`)).toEqual({ hash: b, seq: null, count: null, at: null });
    expect(() => readAnchor('note.txt', 'nothing here')).toThrow(
      'note.txt: wanted one anchor, with a hash of 64 hex digits; got none.',
    );
    expect(() => readAnchor('f', `${a} ${b}`)).toThrow('got 2 different ones');
  });
});
