import { html } from 'htm/preact';
import type { PatchDetail } from '../../server/schemas.ts';
import { areaText, muText } from '../shell/format.ts';
import { label, word } from '../shell/text.ts';

/** What the rules make of the patch: the verdict with its rule, what is covered, what is missing, and every check. */
export function Opinion({ patch }: { patch: PatchDetail }) {
  const { opinion, themes } = patch;
  return html`
    <section class="opinion">
      <h3>${word('opinion')}</h3>
      ${opinion === null ? html`<p class="faint">${word('noOpinion')}</p>` : html`<${Verdict} opinion=${opinion} />`}
      ${themes.map(
        ({ theme, title, severity, severityLabel, because }) => html`
          <details class="theme" key=${theme}>
            <summary><span class=${`grade ${severity}`}>${label(severityLabel)}</span> ${label(title)}</summary>
            <ul>${because.map((reason) => html`<li>${label(reason)}</li>`)}</ul>
          </details>`,
      )}
    </section>
  `;
}

function Verdict({ opinion }: { opinion: NonNullable<PatchDetail['opinion']> }) {
  const figure = (name: 'covered' | 'uncovered' | 'doubtful' | 'farmland' | 'basicFarmland', m2: number) =>
    m2 > 0 && html`<tr><td>${word(name)}</td><td>${areaText(m2)}</td><td>${muText(m2)}</td></tr>`;
  const lines = opinion.explanation === null ? [] : label(opinion.explanation);
  const deciding = opinion.missing.filter(({ decides }) => decides);
  return html`
    <p class=${`verdict ${opinion.opinion}`}>
      <b>${label(opinion.verdict)}</b> <span class="faint mono">${opinion.ruleId} · ${opinion.ruleSet}</span>
    </p>
    <table class="figures"><thead><tr><th>${word('area')}</th><th>m²</th><th>${word('mu')}</th></tr></thead><tbody>
      ${figure('covered', opinion.coveredM2)}
      ${figure('uncovered', opinion.uncoveredM2)}
      ${figure('doubtful', opinion.doubtfulM2)}
      ${figure('farmland', opinion.farmlandM2)}
      ${figure('basicFarmland', opinion.basicFarmlandM2)}
    </tbody></table>
    ${
      deciding.length > 0 &&
      html`<ul class="missing">${deciding.map(
        ({ text, remedy }) => html`<li>${label(text)} <span class="faint">${label(remedy)}</span></li>`,
      )}</ul>`
    }
    ${
      lines.length > 0 &&
      html`<details><summary>${word('everyCheck')}</summary><pre class="checks">${lines.join('\n')}</pre></details>`
    }
  `;
}
