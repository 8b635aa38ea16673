import { cpus } from 'node:os';
import type { Measured } from '../measure.ts';
import type { AreaResult } from './area.ts';
import type { ImportResult } from './import.ts';
import type { OverlayResult } from './overlay.ts';
import { variants } from './postgis.ts';

export interface ZonesResult {
  parcels: number;
  imports: ImportResult[] | null;
  overlay: OverlayResult | null;
  areas: AreaResult[] | null;
}

/** What has to be reached; nothing here is measured. */
export const bars = { importRatio: 0.5, importBytes: 1.5e9, overlayRatio: 10, overlayShare: 1e-6, areaError: 1e-6 };

const formulations = {
  plain: 'ST_Intersection of every pair whose boxes meet',
  covers: 'the same, not where ST_Covers',
  boxed: 'the zone cut to the box by ST_ClipByBox2D first',
};

/** The tables, as text that is Markdown too. */
export function report({ parcels, imports, overlay, areas }: ZonesResult): string {
  const parts = [`${parcels} parcels; ${cpus().length} x ${cpus()[0].model.trim()}`];
  if (imports !== null) parts.push(importTable(imports), importNotes);
  if (overlay !== null) parts.push(overlayTable(overlay), overlayNotes(overlay));
  if (areas !== null) parts.push(areaTable(areas));
  return parts.join('\n\n');
}

const importNotes = `ogr2ogr writes the file anew into a GeoPackage with a spatial index. Tuban also repairs, measures and locates every
feature, in a workspace that knows the districts. Whole processes; peak: memory of all of them at one moment.`;

function importTable(results: readonly ImportResult[]): string {
  const rows = results.map(({ file, rows: count, ours, ogr2ogr }) => {
    const [own, other] = [seconds(ours), seconds(ogr2ogr)];
    // Each round's pair by itself: what else the machine did fell on both.
    const ratio = median(ours.map((run, k) => ogr2ogr[k].wallSeconds / run.wallSeconds));
    const peak = Math.max(...ours.map((run) => run.peakBytes));
    return [
      file.split('.').pop()!,
      String(ours.length),
      own.toFixed(1),
      other.toFixed(1),
      (count / own).toFixed(0),
      (count / other).toFixed(0),
      `${ratio.toFixed(2)}x`,
      `>= ${bars.importRatio}x`,
      (peak / 1e6).toFixed(0),
      `<= ${bars.importBytes / 1e6}`,
    ];
  });
  const heading = ['import', 'rounds', 's', 'ogr2ogr s', 'rows/s', 'ogr2ogr rows/s', 'rate', 'bar', 'peak MB', 'bar'];
  return table([heading, ...rows]);
}

function overlayTable({ layers, ours, postgis }: OverlayResult): string {
  const own = median(ours.map((run) => run.seconds));
  const again = median(ours.map((run) => run.secondsAgain));
  const byLayer = (variant: keyof typeof formulations, layer: string) =>
    median(postgis[variant].map((round) => round[layer]));
  const sum = (of: (layer: string) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const best = sum((layer) => Math.min(...variants.map((variant) => byLayer(variant, layer))));
  const row = (name: string, total: number, parts: string[], bar: string) => {
    return [name, total.toFixed(2), ...parts, `${(total / own).toFixed(1)}x`, bar, `${(total / again).toFixed(1)}x`];
  };
  const rows = variants.map((variant) => {
    const parts = layers.map((layer) => byLayer(variant, layer).toFixed(2));
    const total = sum((layer) => byLayer(variant, layer));
    return row(
      `PostGIS: ${formulations[variant]}`,
      total,
      parts,
      variant === 'plain' ? `>= ${bars.overlayRatio}x` : '',
    );
  });
  const blank = layers.map(() => '');
  return table([
    ['overlay', 's', ...layers, 'tuban is faster', 'bar', 'warm tuban is faster'],
    ['tuban, a new process', own.toFixed(2), ...blank, '', '', ''],
    ['tuban, again in that process', again.toFixed(2), ...blank, '', '', ''],
    ...rows,
    row('PostGIS: the quickest of these for each layer', best, blank, ''),
  ]);
}

function overlayNotes({ patches, ours, pairs, largestShare, beyond, worst }: OverlayResult): string {
  const counted = Object.entries(pairs).map(([layer, { ours: own, postgis }]) => `${layer} ${own}/${postgis}`);
  const lines = [
    `${patches}.`,
    'Median seconds of the rounds after the first, which fills caches. Tuban: one process, one thread, from opening the',
    'store on, at first with nothing compiled. PostGIS: warm, two parallel workers, GiST, analysed, large shapes unpacked.',
    `Tuban's process takes ${median(ours.map((run) => run.cpuSeconds)).toFixed(2)} CPU-s at first and peaks at ` +
      `${(Math.max(...ours.map((run) => run.peakBytes)) / 1e6).toFixed(0)} MB.`,
    `Pairs with an area, ours/PostGIS: ${counted.join(', ')}.`,
    `Largest difference of a pair: ${largestShare.toExponential(1)} of the patch (bar ${bars.overlayShare}); beyond: ${beyond}.`,
    'The worst, ours/PostGIS, and what is left when PostGIS, too, measures edges as straight in lon/lat:',
    ...worst.map(
      ({ layer, patch, zone, ours: own, postgis, share, shareInShortEdges = Number.NaN }) =>
        `  ${layer} ${zone}, patch ${patch}: ${own.toFixed(6)} / ${postgis.toFixed(6)} m², ` +
        `${share.toExponential(1)}, left ${shareInShortEdges.toExponential(1)}`,
    ),
  ];
  return lines.join('\n');
}

function areaTable(results: readonly AreaResult[]): string {
  const rows = results.map((result) => [
    result.what,
    String(result.polygons),
    result.largestError.toExponential(1),
    `<= ${bars.areaError}`,
    result.oursMicroseconds.toFixed(2),
    result.geographiclibMicroseconds.toFixed(1),
  ]);
  return table([['area', 'polygons', 'largest relative error', 'bar', 'µs each', 'geographiclib µs'], ...rows]);
}

function seconds(runs: readonly Measured[]): number {
  return median(runs.map((run) => run.wallSeconds));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

function table(rows: readonly string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}
