import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Anchor, Read, Verification } from '../../server/admin-schemas.ts';
import { minuteText } from '../shell/format.ts';
import { getJson } from '../shell/server.ts';
import { fieldsOf, Refusal, Section, Table, useDeed, useKept } from './parts.ts';
import { adminWord } from './words.ts';

/** Whether the record is whole, where it stood, and who looked at it. */
export function Audit() {
  return html`<${Whole} /><${Reads} />`;
}

function Whole() {
  const anchors = useKept((signal) => getJson<{ anchors: Anchor[] }>('audit/anchors', signal));
  const [found, setFound] = useState<Verification | null>(null);
  const { attempt, refusal, busy } = useDeed(anchors.again);
  const verify = () => attempt(async () => setFound(await getJson<Verification>('audit/verification')));
  return html`
    <${Section} title="audit" kept=${anchors}
      tools=${html`<button class="main" disabled=${busy} onClick=${verify}>${adminWord(busy ? 'verifying' : 'verify')}</button>`}>
      <${Refusal} text=${refusal} />
      <div role="status">${found && html`<${Found} found=${found} />`}</div>
      <h3>${adminWord('anchors')}</h3>
      <${Table} head=${['at', 'events', 'what']} figures=${[1]}
        rows=${(anchors.value?.anchors ?? []).map(({ at, count, hash, seq }) => ({
          key: `${seq} ${at}`,
          cells: [minuteText(at), String(count), html`<span class="mono">${hash.slice(0, 24)}…</span>`],
        }))} />
    <//>
  `;
}

function Found({ found }: { found: Verification }) {
  const { ok, events, head, firstBroken, faults } = found;
  return html`
    <p class=${ok ? 'good' : 'late'}>${adminWord(ok ? 'holds' : 'broken')} · ${events} ${adminWord('events')} · <span class="mono">${head.hash.slice(0, 24)}…</span>${firstBroken === null ? '' : ` #${firstBroken}`}</p>
    <ul class="notes">${faults.map((fault) => html`<li>${fault}</li>`)}</ul>
  `;
}

function Reads() {
  const [asked, setAsked] = useState('');
  const kept = useKept((signal) => getJson<{ reads: Read[] }>(`audit/reads?limit=200${asked}`, signal), [asked]);
  const ask = (event: Event) => {
    const { values } = fieldsOf(event);
    const given = Object.entries(values).filter(([, value]) => value !== '');
    setAsked(given.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join(''));
  };
  return html`
    <${Section} title="reads" kept=${kept}>
      <form class="form" onSubmit=${ask}>
        <label>${adminWord('actor')} <input name="actor" /></label>
        <label>${adminWord('patch')} <input name="patch" /></label>
        <button>${adminWord('refresh')}</button>
      </form>
      <${Table} head=${['at', 'actor', 'what', 'patch', 'rows']} figures=${[4]}
        rows=${(kept.value?.reads ?? []).map(({ seq, at, actor, what, patch, filter, rows }) => ({
          key: String(seq),
          cells: [
            minuteText(at),
            actor,
            html`<span title=${filter}>${what}</span>`,
            patch ?? '',
            rows === null ? '' : String(rows),
          ],
        }))} />
    <//>
  `;
}
