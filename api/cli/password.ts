import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ServiceError } from '../../services/error.ts';

/**
 * A password typed twice at the terminal, unseen, or the first line of standard input. Never from an argument: those
 * are seen by everybody on the machine and kept in histories.
 *
 * @throws ServiceError bad-input where there is no terminal to ask at, or the two differ
 */
export async function readPassword(fromStdin: boolean): Promise<string> {
  if (fromStdin) return (await text(process.stdin)).split(/\r?\n/)[0];
  if (!process.stdin.isTTY) {
    throw new ServiceError('bad-input', 'A password is asked for at a terminal; there is none: use --password-stdin.');
  }
  const password = await ask('Password: ');
  if ((await ask('Again:    ')) === password) return password;
  throw new ServiceError('bad-input', 'The password was to be typed twice alike; the two differ.');
}

async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
