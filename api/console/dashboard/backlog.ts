import { html } from 'htm/preact';
import type { Lifecycle } from '../../server/schemas.ts';
import { Card } from './card.ts';
import { countText, type Figures, muShort } from './figures.ts';
import { listOf, statesOf } from './links.ts';
import { say } from './words.ts';

/** What is still open, the oldest first; overdue hatched. */
export function Backlog({ figures, lifecycle }: { figures: Figures; lifecycle: Lifecycle }) {
  const { backlog, district } = figures;
  const state = statesOf(lifecycle, 'open');
  const most = Math.max(1, ...backlog.months.map(({ patches }) => patches));
  const columns = [say('month'), say('stillOpen'), say('overdue'), 'm²', say('mu')];
  const rows = backlog.months.map((one) => [
    one.month,
    one.patches,
    one.overdue,
    one.areaM2.toFixed(0),
    one.areaMu.toFixed(2),
  ]);
  const age = (months: number) => (months === 0 ? say('thisMonth') : `${months} ${say('monthsAgo')}`);
  return html`
    <${Card} name="backlog" title="backlog" says="backlogSays" empty=${backlog.total.patches === 0 ? say('noBacklog') : null} table=${{ columns, rows }}>
      <p class="legend">
        <span class="key"><i class="swatch in-time"></i>${say('inTime')} <b>${countText(backlog.total.patches - backlog.overdue)}</b></span>
        <span class="key"><i class="swatch late-fill"></i>${say('overdue')} <b>${countText(backlog.overdue)}</b></span>
        <span class="key faint">${muShort(backlog.total.areaM2)} ${say('mu')}</span>
      </p>
      <ol class="rows">
        ${backlog.months.map(
          (one) => html`
            <li key=${one.month}>
              <span class="faint age">${age(one.ageMonths)}</span>
              <a class="who" href=${listOf({ month: one.month, district, state })} data-count=${one.patches}>${one.month}</a>
              <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect class="fill" width=${(100 * one.patches) / most} height="8" rx="1" />
                <rect class="late-fill" fill="url(#late)" width=${(100 * one.overdue) / most} height="8" rx="1" />
              </svg>
              <b class="rate">${countText(one.patches)}</b>
              ${one.overdue > 0 ? html`<a class="late" href=${listOf({ month: one.month, district, overdue: 'true' })} data-count=${one.overdue}>${countText(one.overdue)}</a>` : html`<span class="faint">0</span>`}
            </li>
          `,
        )}
      </ol>
    </${Card}>
  `;
}
