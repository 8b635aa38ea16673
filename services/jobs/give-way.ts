import { constants, setPriority } from 'node:os';

/**
 * Lets whatever answers people go before this thread, and before those that it starts from now on. On Linux alone:
 * elsewhere the whole process would give way, a server's answers with it.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(constants.priority.PRIORITY_LOW);
  } catch {
    // A machine that does not allow it runs the month all the same.
  }
}
