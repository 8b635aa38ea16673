import type { PatchDetail } from '../../server/schemas.ts';
import { pathsOfPatch } from '../patch/kept.ts';
import { ask, early } from '../shell/server.ts';

const most = 60;
/** What a patch is may change; its pictures do not. */
const freshMs = 30_000;

/** Asks for what the panel of these patches will ask for, so that it is there when they are chosen. */
export function lookAhead(patches: readonly { number: string }[]): void {
  for (const { number } of patches) {
    const [text, ...pictures] = pathsOfPatch(number);
    keep(text, freshMs);
    for (const picture of pictures) keep(picture, null);
  }
  for (const path of early.keys()) {
    if (early.size <= most) break;
    early.delete(path);
  }
}

/** The patch was moved on: what was asked for ahead is old. */
export function forgetAhead(number: string): void {
  early.delete(pathsOfPatch(number)[0]);
}

/** What the server answered to a step is what would be asked for next. */
export function keepAnswer(patch: PatchDetail): void {
  const body = JSON.stringify(patch);
  const [path] = pathsOfPatch(patch.number);
  early.set(path, Promise.resolve(new Response(body, { headers: { 'Content-Type': 'application/json' } })));
  setTimeout(() => early.delete(path), freshMs);
}

function keep(path: string, forMs: number | null): void {
  const known = early.get(path);
  if (known !== undefined) {
    // Used last, dropped last.
    early.delete(path);
    early.set(path, known);
    return;
  }
  const answer = ask(path);
  early.set(path, answer);
  answer.catch(() => early.delete(path));
  if (forMs !== null) setTimeout(() => early.get(path) === answer && early.delete(path), forMs);
}
