import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import type { Key } from '../../server/key-schemas.ts';
import { workspaceNow } from '../shell/clock.ts';
import { dayText } from '../shell/format.ts';
import { getJson, sendJson } from '../shell/server.ts';
import { Office } from './office.ts';
import { Once } from './once.ts';
import { fieldsOf, Refusal, Section, Table, useDeed, useKept } from './parts.ts';
import { type AdminWord, adminWord } from './words.ts';

/** Keys of systems: shown once, with an end, taken back at any time. */
export function Keys() {
  const kept = useKept((signal) => getJson<{ keys: Key[] }>('keys', signal));
  const { attempt, refusal, busy } = useDeed(kept.again);
  const [secret, setSecret] = useState<string | null>(null);
  const revoke = (id: string) => () =>
    confirm(adminWord('revokeAsk')) && attempt(() => sendJson('DELETE', `keys/${id}`));
  const add = async (event: Event) => {
    const { values, form } = fieldsOf(event);
    const { name, role, level, district, days } = values;
    const body = { name, role, district, days: Number(days), ...(level !== '' && { level }) };
    const added = await attempt(async () =>
      setSecret((await sendJson<{ key: string }>('POST', 'keys', body))?.key ?? null),
    );
    if (added) form.reset();
  };
  const now = new Date(workspaceNow()).toISOString();
  const ended = ({ revokedAt, expiresAt }: Key): AdminWord | null =>
    revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt < now ? 'expired' : null;
  const cells = (key: Key) => {
    const end = ended(key);
    return [
      key.name,
      adminWord(`role_${key.role}` as AdminWord),
      key.district || adminWord('everywhere'),
      end === null ? (key.expiresAt === null ? '–' : dayText(key.expiresAt)) : adminWord(end),
      key.lastUsedAt === null ? adminWord('never') : dayText(key.lastUsedAt),
      end === null && html`<button class="plain" onClick=${revoke(key.id)}>${adminWord('revoke')}</button>`,
    ];
  };
  return html`
    <${Section} title="keys" kept=${kept}>
      <form class="form" onSubmit=${add}>
        <label>${adminWord('name')} <input name="name" required /></label>
        <${Office} />
        <label>${adminWord('days')} <input name="days" type="number" min="1" max="730" value="365" required /></label>
        <button class="main" disabled=${busy}>${adminWord('add')}</button>
      </form>
      <${Refusal} text=${refusal} />
      ${secret !== null && html`<${Once} secret=${secret} onDone=${() => setSecret(null)} />`}
      <${Table} head=${['name', 'role', 'district', 'expires', 'lastUsed']}
        rows=${(kept.value?.keys ?? []).map((key) => ({ key: key.id, cells: cells(key), faint: ended(key) !== null }))} />
    <//>
  `;
}
