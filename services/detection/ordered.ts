/**
 * Runs tasks a few at a time and yields their results in the order of the tasks. At most `width` are
 * under way or waiting for their turn, so memory stays bounded however slow the consumer is.
 */
export async function* inOrder<T>(tasks: Iterable<() => Promise<T>>, width: number): AsyncGenerator<T> {
  const waiting: Promise<T>[] = [];
  for (const task of tasks) {
    const started = task();
    // Errors surface when the result's turn comes; until then they must not count as unhandled.
    started.catch(() => {});
    waiting.push(started);
    if (waiting.length >= width) yield await (waiting.shift() as Promise<T>);
  }
  while (waiting.length > 0) yield await (waiting.shift() as Promise<T>);
}
