import { expect, it } from 'vitest';
import { nextEvent, type Step } from '../../../services/lifecycle/event.ts';
import { type LoggedEvent, project } from '../../../services/lifecycle/projection.ts';

const at = new Date('2025-07-02T01:00:00Z');
const find: Step = { subject: 'patch', id: 'p1', action: 'find', actor: 'run', at };

function logged(fromState: string | null, toState: string, payload: object = {}): LoggedEvent {
  const said = { actor: 'li', reason: null, at: at.toISOString(), payloadJson: JSON.stringify(payload) };
  return { id: `to-${toState}`, action: 'moved', fromState, toState, ...said };
}

it('of no events is nothing', () => {
  expect(project([])).toBeNull();
});

it('keeps due date and judgement until an event changes them', () => {
  const events = [
    logged(null, 'found', { due: { dueAt: '2025-07-09T15:59:59.999Z' } }),
    logged('found', 'judged', { judgement: 'lawful' }),
    logged('judged', 'county-review'),
  ];
  expect(project(events)).toMatchObject({
    state: 'county-review',
    version: 3,
    dueAt: '2025-07-09T15:59:59.999Z',
    judgement: 'lawful',
  });
});

it('does not hide a gap in the log', () => {
  expect(() => project([logged(null, 'found'), logged('warned', 'acknowledged')])).toThrow(
    "the one to 'acknowledged' starts from 'warned' at version 1, where the state is 'found'",
  );
});

it('reads old events by what they say, not by today’s table', () => {
  expect(project([logged(null, 'found'), logged('found', 'a-state-of-long-ago')])?.state).toBe('a-state-of-long-ago');
});

it('the same step from the same version is the same event, another version or subject another', () => {
  const first = nextEvent(find, '430421', null);
  expect(nextEvent(find, '430421', null)).toEqual(first);
  const supervise: Step = { ...find, action: 'supervise', payload: { note: 'late' } };
  const ids = [
    first.event.id,
    nextEvent({ ...find, id: 'p2' }, '430421', null).event.id,
    nextEvent(supervise, '430421', first.after).event.id,
    nextEvent(supervise, '430421', { ...first.after, version: 2 }).event.id,
  ];
  expect(new Set(ids).size).toBe(4);
});

it('opens a patch only by finding it', () => {
  expect(() => nextEvent({ ...find, action: 'warn' }, '430421', null)).toThrow('A patch is not opened by warn.');
});

it('is opened with a due date five working days on', () => {
  expect(nextEvent(find, '430421', null).after).toMatchObject({
    state: 'found',
    version: 1,
    dueAt: '2025-07-09T15:59:59.999Z',
  });
});
