import type { Label } from '../../lifecycle/label.ts';

/** One thing that was looked at, and what came of it. */
export interface Check {
  /** In one bundle each once. */
  name: string;
  label: Label;
  /** null: there is nothing of the kind in this bundle. */
  ok: boolean | null;
  /** What was found: of a fault the first one, naming the thing. */
  said: string;
}

/** A fault, thrown where it is found: the first of a check is told. */
export class Fault extends Error {}

/** A bundle's files as a check reads them. */
export interface Held {
  text(name: string): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: what the bundle says, read field by field by the checks
  json(name: string): Promise<any>;
  /** sha256 of a listed file, as the manifest has it; null where there is none. */
  listed(name: string): string | null;
  bytes(name: string): Promise<Buffer>;
  names: readonly string[];
}

/** Runs one check; whatever it stumbles over is its fault. `work` tells what it found, or null: nothing of the kind. */
export async function checked(name: string, label: Label, work: () => Promise<string | null>): Promise<Check> {
  try {
    const said = await work();
    return { name, label, ok: said === null ? null : true, said: said ?? '无 none' };
  } catch (error) {
    return { name, label, ok: false, said: (error instanceof Error ? error.message : String(error)).split('\n')[0] };
  }
}

/** @throws Fault */
export function demand(holds: boolean, fault: string): void {
  if (!holds) throw new Fault(fault);
}
