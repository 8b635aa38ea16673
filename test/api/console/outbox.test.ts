import { describe, expect, it } from 'vitest';
import { type Job, Outbox, type Post, type Subject } from '../../../api/console/month/outbox.ts';
import type { PatchDetail } from '../../../api/server/schemas.ts';

/** A server of patches by id, which refuses, loses answers or is not there as told. */
class FakeServer implements Post {
  readonly patches = new Map<string, { state: string; version: number }>();
  readonly taken = new Map<string, PatchDetail>();
  /** What the next sendings meet: '' all is well, 'unheard' the step is taken and the answer lost. */
  trouble: ('' | 'offline' | 'unheard')[] = [];
  sent: { key: string; id: string; action: string; version: number }[] = [];
  private count = 0;

  async send({ key, id, action, to }: Job, version: number): Promise<PatchDetail> {
    this.sent.push({ key, id, action, version });
    await Promise.resolve();
    const trouble = this.trouble.shift() ?? '';
    if (trouble === 'offline') throw new Error('offline');
    const before = this.taken.get(key);
    if (before !== undefined) return before;
    const patch = this.patches.get(id)!;
    if (patch.version !== version) throw new Error('conflict');
    Object.assign(patch, { state: to, version: version + 1 });
    const answer = { id, number: id, dueAt: null, ...patch } as unknown as PatchDetail;
    this.taken.set(key, answer);
    if (trouble === 'unheard') throw new Error('offline');
    return answer;
  }

  async read(id: string): Promise<PatchDetail> {
    return { id, number: id, dueAt: null, ...this.patches.get(id)! } as unknown as PatchDetail;
  }

  mayPass({ message }: Error): boolean {
    return message === 'offline';
  }

  async wait(): Promise<void> {}

  newKey(): string {
    return `key-${++this.count}`;
  }
}

const found = (id: string): Subject => ({ id, number: id, state: 'found', version: 1, dueAt: null });

function start(...ids: string[]) {
  const server = new FakeServer();
  for (const id of ids) server.patches.set(id, { state: 'found', version: 1 });
  return { server, outbox: new Outbox(server, () => {}) };
}

async function settled(outbox: Outbox): Promise<void> {
  while (outbox.open().length > 0) await new Promise((resolve) => setTimeout(resolve, 0));
  await new Promise((resolve) => setTimeout(resolve, 0));
}

describe('steps on their way to the server', () => {
  it('are shown as taken before the server has answered', async () => {
    const { outbox } = start('a');
    outbox.add(found('a'), 'dismiss', 'dismissed', { reason: 'cloud' });
    expect(outbox.shown(found('a')).state).toBe('dismissed');
    await settled(outbox);
    expect(outbox.shown(found('a'))).toMatchObject({ state: 'dismissed', version: 2 });
    expect(outbox.jobs).toEqual([]);
  });

  it('of one patch go one after another, each with the version that the one before left', async () => {
    const { outbox, server } = start('a', 'b');
    outbox.add(found('a'), 'warn', 'warned', {});
    outbox.add(found('a'), 'acknowledge', 'acknowledged', {});
    outbox.add(found('b'), 'warn', 'warned', {});
    expect(outbox.shown(found('a')).state).toBe('acknowledged');
    await settled(outbox);
    expect(server.sent.filter(({ id }) => id === 'a')).toMatchObject([
      { action: 'warn', version: 1 },
      { action: 'acknowledge', version: 2 },
    ]);
    expect(server.patches.get('a')).toEqual({ state: 'acknowledged', version: 3 });
    expect(outbox.shown(found('a'))).toMatchObject({ state: 'acknowledged', version: 3 });
  });

  it('wait for a lost connection and go under the same key, so that none is taken twice', async () => {
    const { outbox, server } = start('a');
    server.trouble = ['offline', 'unheard', 'offline', ''];
    outbox.add(found('a'), 'warn', 'warned', {});
    await settled(outbox);
    expect(server.sent.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1', 'key-1']);
    expect(server.patches.get('a')).toEqual({ state: 'warned', version: 2 });
  });

  it('that are refused are shown as the patch really is, and what was to follow is not sent', async () => {
    const { outbox, server } = start('a', 'b');
    server.patches.set('a', { state: 'closed', version: 7 });
    const first = outbox.add(found('a'), 'warn', 'warned', {});
    const second = outbox.add(found('a'), 'acknowledge', 'acknowledged', {});
    outbox.add(found('b'), 'warn', 'warned', {});
    await settled(outbox);
    expect([first.status, first.refusal?.message, second.status]).toEqual(['refused', 'conflict', 'refused']);
    expect(outbox.shown(found('a'))).toMatchObject({ state: 'closed', version: 7 });
    expect(server.sent.map(({ id, action }) => `${id} ${action}`)).not.toContain('a acknowledge');
    expect(server.patches.get('b')?.state).toBe('warned');
  });

  it('are taken back without a word to the server while they wait', async () => {
    const { outbox, server } = start('a', 'b', 'c', 'd');
    const jobs = ['a', 'b', 'c', 'd'].map((id) => outbox.add(found(id), 'warn', 'warned', {}));
    expect(outbox.cancel(jobs[3])).toBe(true);
    expect(outbox.cancel(jobs[0])).toBe(false);
    expect(outbox.shown(found('d')).state).toBe('found');
    await settled(outbox);
    expect(server.sent.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
  });

  it('leave a list that was loaded later alone', async () => {
    const { outbox } = start('a');
    outbox.add(found('a'), 'warn', 'warned', {});
    await settled(outbox);
    const later = { ...found('a'), state: 'verified', version: 4 };
    expect(outbox.shown(later)).toBe(later);
  });
});
