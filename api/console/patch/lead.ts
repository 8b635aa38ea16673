import { html } from 'htm/preact';
import type { Lead as Told } from '../../../services/month/lead.ts';
import type { PatchDetail } from '../../server/schemas.ts';
import { layerName } from '../shell/names.ts';
import { label } from '../shell/text.ts';
import { say } from './words.ts';

/** How the zone of a project stands. */
const stateNames: Record<Told['state'], { zh: string; en: string }> = {
  'idle-not-started': { zh: '闲置：未动工', en: 'idle, not started' },
  'idle-stopped': { zh: '闲置：停工', en: 'idle, stopped' },
  'not-supplied': { zh: '批而未供', en: 'approved, not supplied' },
  lost: { zh: '得而复失', en: 'became green and was lost' },
  due: { zh: '逾期未变绿', en: 'overdue, not green' },
  unobserved: { zh: '未观测', en: 'unobserved' },
  unclear: { zh: '变化待判', en: 'changed into something not told' },
  'start-unknown': { zh: '开工日期不明', en: 'start unknown' },
  'due-unknown': { zh: '完成日期不明', en: 'due day unknown' },
  'not-due': { zh: '未到期', en: 'not due' },
  started: { zh: '已动工', en: 'started' },
  green: { zh: '已变绿', en: 'green' },
};

/** What is told of a patch that was issued for a project's zone and not for a change: how the zone stands, latest first. */
export function Lead({ history }: { history: PatchDetail['history'] }) {
  const leads = history.flatMap(({ payload }) => (isLead(payload['lead']) ? [payload['lead']] : []));
  if (leads.length === 0) return null;
  const name = (state: Told['state']) => label(stateNames[state] ?? { zh: state, en: state });
  return html`
    <section class="lead">
      <h3>${say('lead')}</h3>
      <ul>${leads.toReversed().map(
        ({ key, layer, zone, name: title, state, since, asOf, before, because }) => html`
          <li key=${key}>
            <b>${name(state)}</b> <span class="tag">${layerName(layer)}</span> ${title || zone}
            ${title && title !== zone && html` <span class="faint mono">${zone}</span>`}
            <span class="faint"> ${since !== null && `${say('since')} ${since} · `}${asOf}${before !== null && before !== state && ` · ${say('leadBefore')} ${name(before)}`}</span>
            <p>${label(because)}</p>
          </li>`,
      )}</ul>
    </section>
  `;
}

function isLead(value: unknown): value is Told {
  return typeof value === 'object' && value !== null && 'state' in value && 'because' in value;
}
