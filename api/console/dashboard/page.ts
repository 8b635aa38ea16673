import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { ZoneCollection } from '../../server/schemas.ts';
import { minuteText } from '../shell/format.ts';
import type { PageProps } from '../shell/page.ts';
import { getJson } from '../shell/server.ts';
import { Backlog } from './backlog.ts';
import { Coverage } from './coverage.ts';
import type { Figures } from './figures.ts';
import { Funnel } from './funnel.ts';
import { Gauge } from './gauge.ts';
import { Headline } from './headline.ts';
import { LatePattern } from './patterns.ts';
import { Precision } from './precision.ts';
import { Radar } from './radar.ts';
import { Ranking } from './ranking.ts';
import { Trend } from './trend.ts';
import { say } from './words.ts';

/** The browser asks with the ETag of what it has: as long as nothing changes, hardly anything is sent. */
const REFRESH_MS = 60_000;

export function Dashboard({ workspace, lifecycle, month }: PageProps) {
  const [district, setDistrict] = useState(new URLSearchParams(location.search).get('district') ?? '');
  const { figures, failure } = useFigures(month, district);
  const districts = useDistricts();
  useEffect(() => showInAddress(month, district), [month, district]);
  if (month === '') return html`<main class="dashboard"><p class="nothing whole">${say('noMonth')}</p></main>`;
  if (figures === null) {
    return html`<main class="dashboard"><p class="nothing whole">${failure === null ? say('loading') : failure.message}</p></main>`;
  }
  const choices = districtChoices(figures, districts, workspace.access.district);
  return html`
    <main class="dashboard">
      <header class="title">
        <h1>${figures.names[figures.district] ?? workspace.name} ${month} <span>${say('title')}</span></h1>
        ${workspace.simulated && html`<span class="paper-only">模拟数据 SIMULATED</span>`}
        <span class=${`status ${figures.status}`}>${say(figures.status)}</span>
        ${
          choices.length > 1 &&
          html`<label>${say('district')}
            <select value=${district} onChange=${(event: Event) => setDistrict((event.target as HTMLSelectElement).value)}>
              <option value="">${say('everywhere')}</option>
              ${choices.map(([code, name]) => html`<option value=${code}>${name}</option>`)}
            </select></label>`
        }
        <span class="gap"></span>
        ${failure !== null && html`<span class="late" role="alert">${say('stale')}</span>`}
        <span class="as-of" title=${`${say('snapshot')} ${figures.snapshot}`}>${say('asOf')} <b>${minuteText(figures.at)}</b> ${say('beijing')}</span>
        <button class="print" onClick=${() => window.print()}>${say('print')}</button>
      </header>
      <${Headline} figures=${figures} lifecycle=${lifecycle} />
      <${LatePattern} />
      <div class="board">
        <${Funnel} figures=${figures} />
        <${Ranking} figures=${figures} />
        <${Backlog} figures=${figures} lifecycle=${lifecycle} />
        <${Gauge} figures=${figures} />
        <${Trend} figures=${figures} />
        <${Precision} figures=${figures} />
        <${Coverage} figures=${figures} districts=${districts} />
        <${Radar} figures=${figures} />
      </div>
    </main>
  `;
}

/** The figures, asked for again every minute; what was loaded stays where a refresh fails. */
function useFigures(month: string, district: string): { figures: Figures | null; failure: Error | null } {
  const [figures, setFigures] = useState<Figures | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  useEffect(() => {
    if (month === '') return;
    const asking = new AbortController();
    const ask = () =>
      getJson<Figures>(
        `dashboard?${new URLSearchParams({ month, ...(district && { district }) })}`,
        asking.signal,
      ).then(
        (loaded) => {
          if (asking.signal.aborted) return;
          setFigures(loaded);
          setFailure(null);
        },
        (error: Error) => {
          if (!asking.signal.aborted) setFailure(error);
        },
      );
    void ask();
    const timer = setInterval(ask, REFRESH_MS);
    return () => {
      asking.abort();
      clearInterval(timer);
    };
  }, [month, district]);
  return { figures, failure };
}

function useDistricts(): ZoneCollection | null {
  const [districts, setDistricts] = useState<ZoneCollection | null>(null);
  useEffect(() => {
    const asking = new AbortController();
    // Without outlines the figures are still told in words.
    getJson<ZoneCollection>('zones?layer=districts&tolerance=0.001', asking.signal).then(setDistricts, () => {});
    return () => asking.abort();
  }, []);
  return districts;
}

/** The counties that may be looked at by themselves. */
function districtChoices(figures: Figures, districts: ZoneCollection | null, own: string): [string, string][] {
  const known =
    districts?.features.map(({ properties }): [string, string] => [properties.externalId, properties.name]) ?? [];
  const listed = figures.counties.map(({ district, name }): [string, string] => [district, name]);
  const all = new Map([...listed, ...known].filter(([code]) => code.startsWith(own)));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1));
}

function showInAddress(month: string, district: string): void {
  if (month === '') return;
  const query = new URLSearchParams({ month, ...(district && { district }) });
  history.replaceState(null, '', `${location.pathname}?${query}`);
}
