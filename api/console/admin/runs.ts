import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { RunSummary } from '../../../services/month/summary.ts';
import type { RunDesk, RunPlan } from '../../server/admin-schemas.ts';
import { minuteText, percentText } from '../shell/format.ts';
import { getJson, sendJson } from '../shell/server.ts';
import { type Kept, Refusal, Section, Table, useDeed, useKept } from './parts.ts';
import { Schedule } from './schedule.ts';
import type { SectionInput } from './section.ts';
import { type AdminWord, adminWord } from './words.ts';

interface Run {
  id: string;
  month: string;
  state: string;
  startedAt: string;
  finishedAt: string | null;
  error: string | null;
  summary: RunSummary | null;
}

const followMs = 1500;

/** What runs now, what has run, and what a run would compare. */
export function Runs({ admin, months }: SectionInput) {
  const desk = useKept((signal) => getJson<RunDesk>('run-desk', signal));
  const runs = useKept((signal) => getJson<{ runs: Run[] }>('runs', signal));
  const running = desk.value?.running ?? null;
  // While a month runs it is followed; what it came to is asked for once more at its end.
  useEffect(() => {
    if (running === null) {
      runs.again();
      return undefined;
    }
    const turn = setInterval(desk.again, followMs);
    return () => clearInterval(turn);
  }, [running === null]);
  return html`
    <${Section} title="runs" kept=${desk}>
      ${desk.value && html`<${Now} desk=${desk.value} kept=${desk} admin=${admin} />`}
      ${running === null && html`<${Start} latest=${months[0] ?? ''} admin=${admin} again=${desk.again} />`}
    <//>
    <${Schedule} />
    <${Section} title="ran" kept=${runs}>
      <${Table} head=${['month', 'state', 'startedAt', 'found', 'observed']} figures=${[3, 4]}
        rows=${(runs.value?.runs ?? []).map((run) => ({ key: run.id, cells: runCells(run) }))} />
    <//>
    <${Section} title="log"><${Log} lines=${desk.value?.lines ?? []} /><//>
  `;
}

function Now({ desk, kept, admin }: { desk: RunDesk; kept: Kept<RunDesk>; admin: boolean }) {
  const { attempt, refusal } = useDeed(kept.again);
  const { running, elsewhere } = desk;
  if (running === null) {
    return html`<p class="faint">${elsewhere ? `${adminWord('elsewhere')} ${minuteText(elsewhere.since)}` : adminWord('nothingRuns')}</p>`;
  }
  const stop = () => confirm(adminWord('stopAsk')) && attempt(() => sendJson('POST', 'run-desk/stop', {}));
  const { stage, done, total, month, by, startedAt, stopping } = running;
  return html`
    <div class="now" role="status">
      <p><b>${adminWord('running')} ${month}</b> <span class="faint">${by} · ${minuteText(startedAt)}</span></p>
      <p>${adminWord(`stage_${stage ?? 'plan'}`)} ${total > 1 && html`<span class="faint">${done} / ${total}</span>`}</p>
      <progress max=${Math.max(1, total)} value=${done} aria-label=${adminWord('running')}></progress>
      ${admin && html`<button disabled=${stopping} onClick=${stop}>${adminWord(stopping ? 'stopping' : 'stop')}</button>`}
      <${Refusal} text=${refusal} />
    </div>
  `;
}

/** A month is named, what would be compared is shown, and then it is run. */
function Start({ latest, admin, again }: { latest: string; admin: boolean; again: () => void }) {
  const [month, setMonth] = useState(latest);
  const isMonth = /^\d{4}-\d{2}$/.test(month);
  const plan = useKept(
    async (signal) => (isMonth ? getJson<RunPlan>(`run-desk/plan?month=${month}`, signal) : null),
    [month],
  );
  const { attempt, refusal, busy } = useDeed(again);
  const run = () => attempt(() => sendJson('POST', 'run-desk', { month }));
  const fitting = plan.failure === null && plan.value?.month === month;
  return html`
    <div class="form">
      <label>${adminWord('month')}
        <input type="month" value=${month} onInput=${(event: Event) => setMonth((event.target as HTMLInputElement).value)} />
      </label>
      ${admin && html`<button class="main" disabled=${busy || !fitting} onClick=${run}>${adminWord('start')}</button>`}
    </div>
    <${Refusal} text=${refusal ?? plan.failure?.message ?? null} />
    ${fitting && plan.value && html`<${PlanFacts} plan=${plan.value} />`}
  `;
}

function PlanFacts({ plan }: { plan: RunPlan }) {
  const facts: [AdminWord, string][] = [
    ['planAfters', imagesText(plan.afters)],
    ['planBefores', imagesText(plan.befores)],
    ['planCells', String(plan.cells)],
    ['planLayers', plan.layers.map(({ name, validFrom }) => `${name} ${validFrom}`).join('，') || '–'],
  ];
  return html`
    <h3>${adminWord('plan')}</h3>
    <dl class="plan">${facts.map(([name, value]) => html`<dt>${adminWord(name)}</dt><dd>${value}</dd>`)}</dl>
  `;
}

/** One entry for a day and sensor, with how many images that is. */
function imagesText(scenes: RunPlan['afters']): string {
  const days = Map.groupBy(scenes, ({ date, sensor }) => `${date} ${sensor ?? ''}`);
  return [...days].map(([day, { length }]) => (length === 1 ? day : `${day} × ${length}`)).join('，') || '–';
}

function runCells({ month, state, startedAt, error, summary }: Run) {
  const told = error === null ? null : html`<span class="late"> ${error}</span>`;
  return [
    month,
    html`${adminWord(`state_${state}` as AdminWord)}${told}`,
    minuteText(startedAt),
    summary === null ? '–' : `${summary.issued} / ${summary.detections}`,
    summary === null ? '–' : percentText(summary.observedFraction),
  ];
}

function Log({ lines }: { lines: RunDesk['lines'] }) {
  if (lines.length === 0) return html`<p class="empty">${adminWord('nothing')}</p>`;
  return html`
    <ol class="log mono" tabindex="0" aria-label=${adminWord('log')}>
      ${lines.toReversed().map(
        ({ at, month, what, text }) => html`
          <li class=${what}>
            <time>${minuteText(at)}</time> <b>${month}</b> ${adminWord(`what_${what}`)}
            ${what === 'stage' ? adminWord(`stage_${text}` as AdminWord) : text}
          </li>
        `,
      )}
    </ol>
  `;
}
