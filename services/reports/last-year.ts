import { findClosed } from '../cycle/closed.ts';
import { standardParameters } from '../gauges/parameters.ts';
import { gaugeRows } from '../store/gauge-rows.ts';
import type { Store } from '../store/open.ts';
import { runsBetween } from '../store/report-rows.ts';
import type { LastYear, PeriodFacts } from './facts.ts';
import { headlineOf } from './headline.ts';
import { type Period, yearBefore } from './period.ts';
import { readPeriodRows } from './period-rows.ts';
import { within } from './scopes.ts';

/**
 * The same months of the year before: as reported where the last of them is closed, else as the store has them now. Of
 * a span with neither runs nor patches nothing is known.
 */
export async function readLastYear(
  store: Store,
  period: Period,
  { from, to }: { from: string; to: string },
  at: Date,
): Promise<(code: string) => LastYear> {
  const before = yearBefore(period);
  if (before === null) return () => ({ name: null, why: 'term' });
  const [first, last] = [from, to].map((month) => `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`);
  const name = first === last ? first : `${first}..${last}`;
  const reported = (await findClosed(store.db, last))?.record.reports?.[period.kind as 'month'];
  if (reported?.from === first) return (code) => asReported(reported, name, code);
  const rows = await readPeriodRows(store.db, first, last, at);
  if (rows.length === 0 && (await runsBetween(store.db, first, last)).length === 0) {
    return () => ({ name, why: 'no-data' });
  }
  const land = await landOf(store, rows, last);
  return (code) => ({ name, headline: headlineOf(within(rows, code), land), asReported: false });
}

function asReported({ scopes }: PeriodFacts, name: string, code: string): LastYear {
  const scope = scopes.find((one) => one.code === code);
  // A place that last year's report did not know is not known to have had nothing.
  return scope ? { name, headline: scope.headline, asReported: true } : { name, why: 'no-data' };
}

/** Farmland under patches, by id. `rows` may have been found before the span they are counted in. */
export async function landOf(store: Store, rows: readonly { found: string }[], to: string, from = to) {
  const { constructionTypes } = standardParameters;
  const first = rows.reduce((earliest, { found }) => (found < earliest ? found : earliest), from);
  const found = await gaugeRows(store.db, { from: first, to, district: '', constructionTypes });
  return new Map(found.map((row) => [row.patchId, row]));
}
