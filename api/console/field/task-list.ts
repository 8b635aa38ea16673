import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import type { FieldTaskBody } from '../../server/field-schemas.ts';
import { workspaceNow } from '../shell/clock.ts';
import { dueText, minuteText, muText } from '../shell/format.ts';
import { gravestFirst, layerName, typeName } from '../shell/names.ts';
import { label } from '../shell/text.ts';
import type { Desk } from './desk.ts';
import { bearing, distanceText, middleOf, nearestM } from './geo.ts';
import { PatchPicture } from './patch-picture.ts';
import type { Sensed } from './sensors.ts';
import { say } from './words.ts';

interface ListProps {
  desk: Desk;
  sensed: Sensed;
}

/** So many cards are drawn at once: a phone is no desk. */
const step = 30;
/** Whose pictures come before all others. */
const seenAtOnce = 6;

/** The tasks: nearest first, with an arrow that turns as one turns, or what is due first. */
export function TaskList({ desk, sensed }: ListProps) {
  const [order, setOrder] = useState<'near' | 'due'>('near');
  const own = desk.tasks.some(({ task }) => task.whose !== 'district');
  const [mine, setMine] = useState(true);
  const [shown, setShown] = useState(step);
  const among = desk.tasks.filter(({ task }) => !own || !mine || task.whose !== 'district').map(({ task }) => task);
  const sorted = inOrder(among, order, sensed);
  const choice = (name: 'near' | 'due') => html`
    <button aria-pressed=${order === name} onClick=${() => setOrder(name)}>${say(name)}</button>`;
  const first = sorted.slice(0, seenAtOnce).map(({ id }) => id);
  useEffect(() => desk.fetchPictures(first), [first.join()]);
  return html`
    <div class="list-head" hidden=${desk.account === null}>
      <div class="segments" role="group">${choice('near')}${choice('due')}</div>
      ${
        own &&
        html`<div class="segments" role="group">
          <button aria-pressed=${mine} onClick=${() => setMine(true)}>${say('mine')}</button>
          <button aria-pressed=${!mine} onClick=${() => setMine(false)}>${say('everyone')}</button>
        </div>`
      }
    </div>
    ${order === 'near' && sensed.fix === null && html`<p class="hint">${say(sensed.noFix ?? 'noFix')}</p>`}
    <ul class="tasks">
      ${sorted.slice(0, shown).map((task) => html`<${Card} key=${task.id} task=${task} desk=${desk} sensed=${sensed} />`)}
    </ul>
    ${sorted.length === 0 && (desk.account !== null || desk.login === null) && html`<p class="nothing">${emptyText(desk)}</p>`}
    ${sorted.length > shown && html`<button class="wide" onClick=${() => setShown(shown + step)}>${say('more', sorted.length - shown)}</button>`}
    ${
      desk.account &&
      html`<div class="list-foot">
        <span>${say('loadedAt')} ${minuteText(desk.account.loadedAt)}</span>
        <button disabled=${desk.refreshing} onClick=${desk.refresh}>${say(desk.refreshing ? 'refreshing' : 'refresh')}</button>
      </div>`
    }
  `;
}

function emptyText(desk: Desk): string {
  if (desk.account === null) return desk.refreshing ? say('refreshing') : say('neverLoaded');
  return say(desk.tasks.length > 0 ? 'noTasksMine' : 'noTasks');
}

function inOrder(tasks: readonly FieldTaskBody[], order: 'near' | 'due', { fix }: Sensed): FieldTaskBody[] {
  const due = ({ dueAt }: FieldTaskBody) => (dueAt === null ? Number.POSITIVE_INFINITY : Date.parse(dueAt));
  if (order === 'due' || fix === null)
    return tasks.toSorted((a, b) => due(a) - due(b) || (a.number < b.number ? -1 : 1));
  const away = new Map(tasks.map((task) => [task.id, nearestM(fix, task).metres]));
  return tasks.toSorted((a, b) => away.get(a.id)! - away.get(b.id)! || due(a) - due(b));
}

function Card({ task, desk, sensed }: ListProps & { task: FieldTaskBody }) {
  const kept = desk.waiting.filter(({ patch }) => patch.id === task.id).length;
  return html`
    <li>
      <a class="task" href=${`#task/${encodeURIComponent(task.id)}`}>
        <${PatchPicture} desk=${desk} id=${task.id} which="after" />
        <div class="task-text">
          <div class="task-line"><b>${typeName(task.type)} ${muText(task.areaM2)} 亩</b><${Due} task=${task} /></div>
          <div class="task-line small">
            <span class="mono">${task.number.slice(6, 12)}-${task.number.slice(12)}</span>
            <span>${task.districtName}</span>
          </div>
          <div class="task-line tags">
            <span class="tag do">${label(task.wants.label)}</span>
            ${task.whose !== 'district' && html`<span class="tag own">${say(task.whose)}</span>`}
            ${gravestFirst(task.layers)
              .slice(0, label({ zh: 2, en: 1 }))
              .map((layer) => html`<span class=${`tag ${layer}`}>${layerName(layer)}</span>`)}
            ${kept > 0 && html`<span class="tag kept">${say('toSend', kept)}</span>`}
          </div>
        </div>
        <${Away} task=${task} sensed=${sensed} />
      </a>
    </li>
  `;
}

export function Due({ task: { dueAt } }: { task: Pick<FieldTaskBody, 'dueAt'> }) {
  if (dueAt === null) return null;
  const { late, text } = dueText(dueAt, workspaceNow());
  return html`<span class=${late ? 'due late' : 'due'}>${text}</span>`;
}

/** How far, and whither: against where one looks if the phone has a compass, else against north. */
function Away({ task, sensed: { fix, heading } }: { task: FieldTaskBody; sensed: Sensed }) {
  if (fix === null) return html`<span class="away" aria-hidden="true"></span>`;
  const { metres, inside } = nearestM(fix, task);
  const turn = bearing(fix, middleOf(task)) - (heading ?? 0);
  return html`
    <span class="away">
      ${
        inside
          ? html`<svg viewBox="-12 -12 24 24" aria-hidden="true"><circle r="5" /></svg>`
          : html`<svg viewBox="-12 -12 24 24" aria-hidden="true"><path transform=${`rotate(${turn.toFixed(0)})`} d="M0-10 7 9 0 5-7 9z" /></svg>`
      }
      <b>${inside ? say('inside') : distanceText(metres)}</b>
    </span>
  `;
}
