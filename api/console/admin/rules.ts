import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { RuleSetDetail, RuleSets } from '../../server/rule-schemas.ts';
import { getJson, sendJson } from '../shell/server.ts';
import { label } from '../shell/text.ts';
import { Refusal, Section, useDeed, useKept } from './parts.ts';
import { type Difference, differencesOf } from './rule-differences.ts';
import type { SectionInput } from './section.ts';
import { adminWord } from './words.ts';

/** The rule sets that opinions are formed by, each to be read whole and held against another. */
export function Rules({ admin, whole }: SectionInput) {
  const kept = useKept((signal) => getJson<RuleSets>('rules', signal));
  const sets = kept.value?.ruleSets ?? [];
  const [chosen, setChosen] = useState('');
  const shown = sets.find(({ name }) => name === chosen) ?? sets.at(-1);
  return html`
    <${Section} title="rules" kept=${kept}>
      ${admin && whole && html`<${AddRules} again=${kept.again} />`}
      <ul class="cards">
        ${sets.map(
          ({ name, title, province, effectiveFrom, effectiveTo, addedAt }) => html`
            <li>
              <button aria-pressed=${name === shown?.name} onClick=${() => setChosen(name)}>
                <b>${label(title)}</b> <span class="mono">${name}</span><br />
                <span class="faint">${adminWord('effective')} ${effectiveFrom} → ${effectiveTo ?? ''} · ${province || adminWord('national')}${addedAt === null ? ` · ${adminWord('builtIn')}` : ''}</span>
              </button>
            </li>
          `,
        )}
      </ul>
      ${shown && html`<${RuleSet} key=${shown.name} name=${shown.name} others=${sets.filter(({ name }) => name !== shown.name).map(({ name }) => name)} />`}
    <//>
  `;
}

function RuleSet({ name, others }: { name: string; others: string[] }) {
  const kept = useKept((signal) => getJson<RuleSetDetail>(`rules/${name}`, signal));
  const [against, setAgainst] = useState('');
  const other = useKept(
    async (signal) => (against === '' ? null : getJson<RuleSetDetail>(`rules/${against}`, signal)),
    [against],
  );
  if (kept.value === null) return html`<p class="empty">${kept.failure?.message ?? adminWord('loading')}</p>`;
  const { ruleSet, checks } = kept.value;
  return html`
    <h3>${adminWord('checks')}</h3>
    <ol class="checks">${checks.map(({ id, title }) => html`<li>${label(title)} <span class="faint mono">${id}</span></li>`)}</ol>
    ${
      others.length > 0 &&
      html`
        <div class="form"><label>${adminWord('compareWith')}
          <select value=${against} onChange=${(event: Event) => setAgainst((event.target as HTMLSelectElement).value)}>
            <option value="">–</option>
            ${others.map((one) => html`<option value=${one}>${one}</option>`)}
          </select></label></div>
      `
    }
    ${other.value && html`<${Differences} list=${differencesOf(other.value.ruleSet, ruleSet)} />`}
    <details><summary>${adminWord('whole')}</summary><pre class="mono" tabindex="0">${JSON.stringify(ruleSet, null, 2)}</pre></details>
  `;
}

function Differences({ list }: { list: Difference[] }) {
  if (list.length === 0) return html`<p>${adminWord('same')}</p>`;
  return html`
    <ul class="notes">
      ${list.map(({ path, before, after }) => html`<li><b class="mono">${path}</b> <del>${before}</del> <ins>${after}</ins></li>`)}
    </ul>
  `;
}

/** A new set is a file; what is wrong with it is told by the server with its path in the file. */
function AddRules({ again }: { again: () => void }) {
  const { attempt, refusal, busy } = useDeed(again);
  const choose = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file)
      void attempt(async () => sendJson('POST', 'rules', JSON.parse(await file.text()))).then(() => (input.value = ''));
  };
  return html`
    <div class="form"><label>${adminWord('addRules')} <input type="file" accept=".json,application/json" disabled=${busy} onChange=${choose} /></label></div>
    <${Refusal} text=${refusal} />
  `;
}
