import { cpus, loadavg } from 'node:os';

/** What was measured, beside what is wanted. */
export interface Figure {
  what: string;
  bar: string;
  got: string;
  isMet: boolean;
}

export function atMost(what: string, bar: number, got: number, unit: string): Figure {
  return { what, bar: `≤ ${bar} ${unit}`, got: `${got.toFixed(1)} ${unit}`, isMet: got <= bar };
}

export function atLeast(what: string, bar: number, got: number, unit: string): Figure {
  return { what, bar: `≥ ${bar} ${unit}`, got: `${got.toFixed(1)} ${unit}`, isMet: got >= bar };
}

/** How busy the machine was beside us: the figures of a busy one are not those of the program. */
export function machine(): string {
  return `${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the beginning`;
}

export function report(figures: readonly Figure[], about: string): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const lines = figures.map(({ what, bar, got, isMet }) => {
    return `${isMet ? 'ok  ' : 'MISS'}  ${what.padEnd(width)}  ${bar.padStart(12)}  ${got.padStart(14)}`;
  });
  return [about, '', ...lines].join('\n');
}
