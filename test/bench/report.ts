import { cpus } from 'node:os';
import type { Accuracy } from './accuracy.ts';
import type { Contender, Duel } from './contenders.ts';
import type { Measured } from './measure.ts';

export interface Result {
  contender: Contender;
  /** One per round, in order. */
  runs: Measured[];
  accuracy: Accuracy;
}

const notes = `Mpx: a million pixels of ground, each of four bands at two dates. CPU: user and system time of all processes.
Peak: memory of all processes at one moment. Objects hit: planted changes that one patch covers at IoU 0.25 or more.
Ratios: the median over the rounds both ran, each round's pair by itself.
The contenders do not do the same work. Tuban estimates the shift between the images, each band's gain and offset and
the threshold from the images themselves, looks for clouds, and measures each patch on the ellipsoid
and names its type. File hashes are those of\nthe first look at each file, taken before the rounds. The peers are given the gains, offsets and thresholds as constants, estimate nothing and correct no shift.`;

/** The tables, as text that is Markdown too. */
export function report(results: readonly Result[], duels: readonly Duel[], size: number): string {
  const heading = `${size} x ${size} pixels, 4 bands of uint16, two dates; ${cpus().length} x ${cpus()[0].model.trim()}`;
  return [heading, '', resultTable(results, size), '', duelTable(results, duels), '', stages(results), '', notes].join(
    '\n',
  );
}

function resultTable(results: readonly Result[], size: number): string {
  const megapixels = size ** 2 / 1e6;
  const rows = results.map(({ contender, runs, accuracy }) => [
    contender.name,
    String(runs.length),
    median(runs.map((run) => run.wallSeconds)).toFixed(2),
    median(runs.map((run) => megapixels / run.wallSeconds)).toFixed(2),
    median(runs.map((run) => megapixels / run.cpuSeconds)).toFixed(2),
    (Math.max(...runs.map((run) => run.peakBytes)) / 1e6).toFixed(0),
    String(accuracy.patchCount),
    percent(accuracy.hitShare),
    percent(accuracy.falseShare),
    accuracy.kappa.toFixed(3),
  ]);
  const measured = ['whole job', 'rounds', 'wall s', 'Mpx/s', 'Mpx/CPU-s', 'peak MB'];
  return table([[...measured, 'patches', 'objects hit', 'patches on nothing', 'κ'], ...rows]);
}

/** How many times as fast as the peer ours is: the median over the rounds both ran, each round's pair on its own. */
function duelTable(results: readonly Result[], duels: readonly Duel[]): string {
  const runsOf = (name: string) => results.find(({ contender }) => contender.name === name)!.runs;
  const rows = duels.map(({ ours, peer, bar }) => {
    const [own, other] = [runsOf(ours), runsOf(peer)];
    return [
      `${ours} : ${peer}`,
      String(Math.min(own.length, other.length)),
      ratio(other, own, (run) => run.wallSeconds),
      bar === null ? '' : `${bar}x`,
      ratio(other, own, (run) => run.cpuSeconds),
      ratio(own, other, (run) => run.peakBytes),
    ];
  });
  return table([
    ['ours : peer', 'pairs', 'as fast (wall)', 'bar', 'as fast (CPU)', 'peak memory, ours of peer’s'],
    ...rows,
  ]);
}

function ratio(above: Measured[], below: Measured[], cost: (run: Measured) => number): string {
  const ratios = above.slice(0, below.length).map((run, round) => cost(run) / cost(below[round]));
  return `${median(ratios).toFixed(2)}x`;
}

/** Where our time goes: median seconds per stage, as `detect --json` says. */
function stages(results: readonly Result[]): string {
  const lines = results
    .filter(({ contender }) => contender.peer === null)
    .map(({ contender, runs }) => {
      const seconds = runs.map((run) => (JSON.parse(run.output) as { seconds: Record<string, number> }).seconds);
      const names = Object.keys(seconds[0]);
      const parts = names.map((name) => `${name} ${median(seconds.map((one) => one[name])).toFixed(2)}`);
      return `${contender.name}, wall seconds by stage: ${parts.join(', ')}`;
    });
  return lines.join('\n');
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function table(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}
