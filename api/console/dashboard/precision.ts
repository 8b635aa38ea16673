import { html } from 'htm/preact';
import { typeName } from '../shell/names.ts';
import { label } from '../shell/text.ts';
import { Card } from './card.ts';
import { countText, type Figures, type Reliability, shareText } from './figures.ts';
import { rangeText } from './gauge.ts';
import { listOf } from './links.ts';
import { say } from './words.ts';

/** How often people found the detector right, by type and month, as surely as the number judged allows. */
export function Precision({ figures }: { figures: Figures }) {
  const { precision, month, district } = figures;
  const { total, types, months, causes } = precision;
  const line = (name: string, one: Reliability) => [
    name,
    one.judged,
    one.confirmed,
    one.falseOnes,
    shareText(one.precision),
    one.enough ? rangeText(one.interval) : say('fewJudged'),
  ];
  const columns = [say('type'), say('judged'), say('confirmed'), say('falseOnes'), say('share'), say('interval')];
  const cells = precision.cells.map(({ month: of, type, ...one }) => line(`${of} ${typeName(type)}`, one));
  const rows = [
    line(say('everywhere'), total),
    ...types.map(({ type, ...one }) => line(typeName(type), one)),
    ...months.map(({ month: of, ...one }) => line(of, one)),
    ...cells,
  ];
  const all = causes.reduce((sum, { patches }) => sum + patches, 0);
  return html`
    <${Card} name="precision" title="precision" says="precisionSays" empty=${total.judged === 0 ? say('nobodyJudged') : null} table=${{ columns, rows }}>
      <div class="columns">
        <div>
          <h3>${say('byType')}</h3>
          <ol class="rows">
            <${Row} name=${say('everywhere')} one=${total} whole />
            ${types.map(({ type, ...one }) => html`<${Row} name=${typeName(type)} one=${one} href=${listOf({ month, district, type })} />`)}
          </ol>
        </div>
        <div>
          <h3>${say('byMonth')}</h3>
          <ol class="rows">${months.slice(-6).map(({ month: of, ...one }) => html`<${Row} name=${of} one=${one} href=${listOf({ month: of, district })} />`)}</ol>
        </div>
      </div>
      ${
        all > 0 &&
        html`
        <h3>${say('causes')}</h3>
        <p class="causes">${causes.slice(0, 6).map(
          (cause) => html`
          <span>${label(cause.label)} <b>${countText(cause.patches)}</b>${cause.setAside && html` <span class="faint">(${say('setAside')})</span>`}</span>
        `,
        )}</p>
      `
      }
    </${Card}>
  `;
}

interface RowProps {
  name: string;
  one: Reliability;
  href?: string;
  whole?: boolean;
}

function Row({ name, one, href, whole = false }: RowProps) {
  const x = (share: number) => 120 * share;
  return html`
    <li class=${whole ? 'whole' : ''}>
      ${href === undefined ? html`<span class="who">${name}</span>` : html`<a class="who" href=${href}>${name}</a>`}
      <svg class="interval" viewBox="0 0 120 14" preserveAspectRatio="none" role="img">
        <title>${`${name} ${shareText(one.precision)} ${rangeText(one.interval)} n = ${one.judged}`}</title>
        <rect class="track" y="4" width="120" height="6" />
        ${
          one.interval !== null &&
          html`
          <rect class=${one.enough ? 'fill' : 'fill few'} y="4" width=${x(one.precision ?? 0)} height="6" />
          <line class="whisker" x1=${x(one.interval.low)} x2=${x(one.interval.high)} y1="7" y2="7" />
          <path class="whisker" d=${`M${x(one.interval.low)} 3V11M${x(one.interval.high)} 3V11`} />
        `
        }
      </svg>
      <span class="rate">${one.enough ? shareText(one.precision) : html`<span class="faint">${say('fewJudged')}</span>`}</span>
      <span class="faint n">n = ${countText(one.judged)}</span>
    </li>
  `;
}
