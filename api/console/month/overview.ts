import { html } from 'htm/preact';
import type { RunSummary } from '../../../services/month/summary.ts';
import type { MonthTable as Table } from '../../server/schemas.ts';
import { useLoaded } from '../shell/loaded.ts';
import { Popover } from '../shell/popover.ts';
import { getJson } from '../shell/server.ts';
import { MonthRun } from './run-summary.ts';
import { MonthTable } from './table.ts';
import { say } from './words.ts';

export interface Overview {
  table: Table | null;
  /** What the month's last finished run says of itself; null where one may not see it. */
  run: RunSummary | null;
}

/** How the districts stand in the month, and what its comparison did; again with each `edition`. */
export function useOverview(month: string, edition: number, onFailed: (error: Error) => void): Overview {
  const table = useLoaded((signal) => monthTable(month, signal), [month, edition], onFailed);
  // Not everybody may read runs; the month is none the worse for it.
  const run = useLoaded(
    (signal) => lastRun(month, signal),
    [month],
    () => {},
  );
  return { table, run };
}

export function OverviewMenu({
  overview,
  district,
  onDistrict,
}: {
  overview: Overview;
  district: string;
  onDistrict: (district: string) => void;
}) {
  const { table, run } = overview;
  return html`
    <${Popover} class="overview" label=${say('progress')}>
      ${table && html`<${MonthTable} table=${table} district=${district} onDistrict=${onDistrict} />`}
      ${run && html`<${MonthRun} summary=${run} />`}
    <//>
  `;
}

async function monthTable(month: string, signal: AbortSignal): Promise<Table | null> {
  return month === '' ? null : getJson<Table>(`months/${month}`, signal);
}

async function lastRun(month: string, signal: AbortSignal): Promise<RunSummary | null> {
  if (month === '') return null;
  const { runs } = await getJson<{ runs: { summary: RunSummary | null }[] }>(`runs?month=${month}`, signal);
  // A run that has not finished has no summary, and one of an older edition may have another.
  return runs.find((run) => run.summary?.screened !== undefined)?.summary ?? null;
}
