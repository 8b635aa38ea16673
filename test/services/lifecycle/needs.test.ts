import { describe, expect, it } from 'vitest';
import { nextEvent, type Step } from '../../../services/lifecycle/event.ts';

const at = new Date('2025-07-02T01:00:00Z');
const find: Step = { subject: 'patch', id: 'p1', action: 'find', actor: 'run', at };
const found = nextEvent(find, '430421', null).after;
const warn: Step = { ...find, action: 'warn', actor: 'wang', payload: { note: 'go and see' } };

describe('a step', () => {
  it.each([
    ['a reason', 'dismiss', {}, /^The step dismiss needs a reason: one of season, cloud, .*; got nothing\.$/],
    ['a reason of its list', 'dismiss', { reason: 'boredom' }, /; got "boredom"\.$/],
    [
      'a note with the reason other',
      'dismiss',
      { reason: 'other', payload: {} },
      /needs payload\.note: a text, where the reason is other/,
    ],
    ['its opinion', 'warn', { payload: {} }, /^The step warn needs payload\.note: a text; got nothing\.$/],
    ['no reason where there is no list', 'warn', { reason: 'cloud' }, /takes no reason code/],
    ['no judgement in passing', 'warn', { payload: { note: 'x', judgement: 'lawful' } }, /judges nothing/],
    [
      'no due record of the caller',
      'warn',
      { payload: { note: 'x', due: {} } },
      /payload\.due is written by the step itself/,
    ],
    [
      'a due date to come',
      'warn',
      { payload: { note: 'x', dueDate: '2025-07-01' } },
      /is today \(2025-07-02\) or later; got 2025-07-01/,
    ],
    ['an actor', 'warn', { actor: ' ' }, /needs to know its actor/],
  ] as const)('needs %s', (_, action, given, message) => {
    const step = () => nextEvent({ ...warn, action, ...given }, '430421', found);
    expect(step).toThrow(message);
    expect(step).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it.each([
    ['verify', 'acknowledged', 'evidence', [[], [''], 'photo-1', [1]]],
    ['judge', 'verified', 'judgement', ['guilty', 1, '']],
    ['refer', 'verified', 'department', [' ', 4]],
    ['put-in-case', 'reviewed', 'caseId', ['', null]],
    ['extend', 'warned', 'extension', [{ count: 0, unit: 'month' }, { count: 1, unit: 'week' }, { unit: 'month' }, 3]],
  ])('%s from %s refuses a %s of another form', (action, state, need, wrongs) => {
    const before = { ...found, state, judgement: 'non-grain' };
    for (const wrong of wrongs) {
      const payload = { note: 'x', [need]: wrong };
      expect(() => nextEvent({ ...warn, action, payload }, '430421', before)).toThrow(
        `The step ${action} needs payload.${need}: `,
      );
    }
  });

  it('of a case refuses a level or a receiver that does not exist', () => {
    const clue = { ...found, state: 'clue' };
    const file: Step = { ...warn, subject: 'case', action: 'file', payload: { level: 'town' } };
    expect(() => nextEvent(file, '430421', clue)).toThrow('payload.level: one of county, city, province; got "town".');
    const handOver: Step = { ...file, action: 'hand-over', payload: { receiver: 'press', evidence: ['parcel-1'] } };
    expect(() => nextEvent(handOver, '430421', { ...clue, state: 'filed' })).toThrow('one of discipline, police,');
  });
});
