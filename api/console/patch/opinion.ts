import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { PatchDetail } from '../../server/schemas.ts';
import { areaText, muText } from '../shell/format.ts';
import { label, word } from '../shell/text.ts';
import { type Chapter, chaptersOf } from './opinion-text.ts';
import { say } from './words.ts';

type Formed = NonNullable<PatchDetail['opinion']>;

/** What the rules make of the patch: the verdict with its rule, what is covered, what is missing, and every check. */
export function Opinion({ patch }: { patch: PatchDetail }) {
  const { opinion, themes } = patch;
  return html`
    <section class="opinion">
      <h3>${word('opinion')}</h3>
      ${opinion === null ? html`<p class="faint">${word('noOpinion')}</p>` : html`<${Verdict} opinion=${opinion} number=${patch.number} />`}
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

function Verdict({ opinion, number }: { opinion: Formed; number: string }) {
  const text = opinion.explanation === null ? null : chaptersOf(label(opinion.explanation));
  return html`
    <div class=${`verdict ${opinion.opinion}`}>
      <b>${label(opinion.verdict)}</b>
      <p>${text?.basis ?? `${say('basis')} ${opinion.ruleSet} ${opinion.ruleId}`}
        <a href=${`../rules/${opinion.ruleSet}`} target="_blank" rel="noopener">${say('ruleText')}</a></p>
      ${text?.facts.map((line) => html`<p>${line}</p>`)}
    </div>
    <${Figures} opinion=${opinion} />
    <${Missing} missing=${opinion.missing} number=${number} />
    ${text?.evidence && html`<${Details} title=${say('evidenceNamed')} chapter=${text.evidence} />`}
    ${text?.checks && html`<${Details} title=${say('checksMade')} chapter=${text.checks} />`}
    <p class="clue faint">${say('clue')}</p>
  `;
}

function Figures({ opinion }: { opinion: Formed }) {
  const figure = (name: 'covered' | 'uncovered' | 'doubtful' | 'farmland' | 'basicFarmland', m2: number) =>
    m2 > 0 && html`<tr><td>${word(name)}</td><td>${areaText(m2)}</td><td>${muText(m2)}</td></tr>`;
  return html`
    <table class="figures"><thead><tr><th>${word('area')}</th><th>m²</th><th>${word('mu')}</th></tr></thead><tbody>
      ${figure('covered', opinion.coveredM2)}
      ${figure('uncovered', opinion.uncoveredM2)}
      ${figure('doubtful', opinion.doubtfulM2)}
      ${figure('farmland', opinion.farmlandM2)}
      ${figure('basicFarmland', opinion.basicFarmlandM2)}
    </tbody></table>
  `;
}

function Details({ title, chapter }: { title: string; chapter: Chapter }) {
  return html`<details><summary>${title} <span class="faint">${chapter.length}</span></summary>
    <ol class="checks">${chapter.map((line) => html`<li>${line}</li>`)}</ol></details>`;
}

/** What is missing, to be ticked off by whoever gathers it; the ticks stay in this browser. */
function Missing({ missing, number }: { missing: Formed['missing']; number: string }) {
  const slot = `tuban.ticked.${number}`;
  const [ticked, setTicked] = useState<string[]>(() => JSON.parse(localStorage.getItem(slot) ?? '[]') as string[]);
  if (missing.length === 0) return null;
  const tick = (name: string) => () => {
    const next = ticked.includes(name) ? ticked.filter((one) => one !== name) : [...ticked, name];
    setTicked(next);
    localStorage.setItem(slot, JSON.stringify(next));
  };
  const done = missing.filter(({ text }) => ticked.includes(text.zh)).length;
  return html`
    <div class="missing-list">
      <h4 title=${say('tickHint')}>${say('missing')} <span class="faint">${say('ticked')} ${done}/${missing.length}</span></h4>
      <ul>${[...missing]
        .sort((a, b) => Number(b.decides) - Number(a.decides))
        .map(
          ({ text, remedy, decides }) => html`
          <li><label>
            <input type="checkbox" checked=${ticked.includes(text.zh)} onChange=${tick(text.zh)} />
            <span>${decides && html`<span class="grade serious">${say('decides')}</span> `}${label(text)}${' '}<span class="remedy faint">→ ${label(remedy)}</span></span>
          </label></li>`,
        )}</ul>
    </div>
  `;
}
