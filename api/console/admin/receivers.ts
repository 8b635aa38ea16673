import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Delivery, Receiver } from '../../server/admin-schemas.ts';
import { minuteText } from '../shell/format.ts';
import { getJson, sendJson } from '../shell/server.ts';
import { Once } from './once.ts';
import { fieldsOf, Refusal, Section, Table, useDeed, useKept } from './parts.ts';
import { adminWord } from './words.ts';

/** Systems and people that are told of changes; what did not arrive can be sent again. */
export function Receivers() {
  const kept = useKept((signal) => getJson<{ receivers: Receiver[] }>('receivers', signal));
  const { attempt, refusal, busy } = useDeed(kept.again);
  const [secret, setSecret] = useState<string | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const act = (id: string, deed: string) => () => attempt(() => sendJson('POST', `receivers/${id}/${deed}`, {}));
  const add = async (event: Event) => {
    const { values, form } = fieldsOf(event);
    const added = await attempt(async () => {
      const made = await sendJson<{ secret: string }>('POST', 'receivers', {
        url: values['url'],
        district: values['district'],
      });
      setSecret(made?.secret ?? null);
    });
    if (added) form.reset();
  };
  const cells = ({ id, kind, address, district, state, note, waiting, delivered, dead }: Receiver) => [
    html`<span class="mono">${address}</span> <span class="faint">${kind}</span>`,
    district || adminWord('everywhere'),
    note === null ? state : `${state}: ${note}`,
    String(waiting),
    String(delivered),
    dead > 0 ? html`<b class="late">${dead}</b>` : '0',
    html`
      <button class="plain" onClick=${() => setTold(told === id ? null : id)}>${adminWord('deliveries')}</button>
      ${dead > 0 && kind === 'webhook' && html`<button class="plain" onClick=${act(id, 'replay')}>${adminWord('replay')}</button>`}
      <button class="plain" onClick=${act(id, state === 'active' ? 'pause' : 'resume')}>${adminWord(state === 'active' ? 'pause' : 'resume')}</button>
      <button class="plain" onClick=${() => confirm(adminWord('dropAsk')) && act(id, 'remove')()}>${adminWord('drop')}</button>
    `,
  ];
  return html`
    <${Section} title="receivers" kept=${kept}>
      <form class="form" onSubmit=${add}>
        <label>${adminWord('address')} <input name="url" type="url" required placeholder="https://" /></label>
        <label>${adminWord('district')} <input name="district" inputmode="numeric" pattern="\\d{0,12}" placeholder=${adminWord('everywhere')} /></label>
        <button class="main" disabled=${busy}>${adminWord('add')}</button>
      </form>
      <${Refusal} text=${refusal} />
      ${secret !== null && html`<${Once} secret=${secret} onDone=${() => setSecret(null)} />`}
      <${Table} head=${['address', 'district', 'state', 'waiting', 'sent', 'dead']} figures=${[3, 4, 5]}
        rows=${(kept.value?.receivers ?? []).map((one) => ({ key: one.id, cells: cells(one) }))} />
      ${told !== null && html`<${Deliveries} key=${told} id=${told} />`}
    <//>
  `;
}

function Deliveries({ id }: { id: string }) {
  const kept = useKept((signal) => getJson<{ deliveries: Delivery[] }>(`receivers/${id}/deliveries?limit=50`, signal));
  return html`
    <${Section} title="deliveries" kept=${kept}>
      <${Table} head=${['what', 'state', 'note', 'next']}
        rows=${(kept.value?.deliveries ?? []).map(({ seq, type, state, problem, status, nextAt }) => ({
          key: String(seq),
          cells: [
            type,
            state,
            problem ?? (status === null ? '' : String(status)),
            nextAt === null ? '' : minuteText(nextAt),
          ],
        }))} />
    <//>
  `;
}
