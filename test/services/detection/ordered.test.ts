import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../../services/detection/ordered.ts';

async function collected<T>(results: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('tasks run in order', () => {
  it('give their results in the order of the tasks, however long each takes', async () => {
    const tasks = [20, 1, 10, 0, 5].map((delayMs, i) => async () => {
      await sleep(delayMs);
      return i;
    });
    expect(await collected(inOrder(tasks, 3))).toEqual([0, 1, 2, 3, 4]);
  });

  it('are never more at a time than the width', async () => {
    let running = 0;
    let most = 0;
    const tasks = Array.from({ length: 12 }, () => async () => {
      most = Math.max(most, ++running);
      await sleep(2);
      running--;
    });
    await collected(inOrder(tasks, 4));
    expect(most).toBe(4);
  });

  it('wait for a slow consumer: nothing is begun that has nowhere to go', async () => {
    let begun = 0;
    const tasks = Array.from({ length: 10 }, (_, i) => async () => {
      begun++;
      return i;
    });
    const results = inOrder(tasks, 3);
    await results.next();
    expect(begun).toBe(3);
    await results.next();
    expect(begun).toBe(4);
  });

  it('fail when the turn of the failed one comes, after the results before it', async () => {
    const seen: number[] = [];
    const tasks = [
      async () => 1,
      async () => {
        throw new Error('the second failed');
      },
      async () => 3,
    ];
    const run = async () => {
      for await (const result of inOrder(tasks, 3)) seen.push(result);
    };
    await expect(run()).rejects.toThrow('the second failed');
    expect(seen).toEqual([1]);
  });
});
