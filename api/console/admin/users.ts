import { html } from 'htm/preact';
import type { User } from '../../server/session-schemas.ts';
import { getJson, sendJson } from '../shell/server.ts';
import { levels, Office, roles } from './office.ts';
import { fieldsOf, Refusal, Section, Table, useDeed, useKept } from './parts.ts';
import type { SectionInput } from './section.ts';
import { type AdminWord, adminWord } from './words.ts';

/** Who may log in, and as what. */
export function Users({ actor }: SectionInput) {
  const kept = useKept((signal) => getJson<{ users: User[] }>('users', signal));
  const { attempt, refusal, busy } = useDeed(kept.again);
  const change = (name: string, body: object) =>
    attempt(() => sendJson('PATCH', `users/${encodeURIComponent(name)}`, body));
  const add = async (event: Event) => {
    const { values, form } = fieldsOf(event);
    const { name, password, role, level, district } = values;
    const body = { name, password, role, district, ...(level !== '' && { level }) };
    if (await attempt(() => sendJson('POST', 'users', body))) form.reset();
  };
  return html`
    <${Section} title="users" kept=${kept}>
      <form class="form" onSubmit=${add}>
        <label>${adminWord('name')} <input name="name" required autocomplete="off" /></label>
        <label>${adminWord('firstPassword')} <input name="password" type="password" required minlength="10" autocomplete="new-password" /></label>
        <${Office} />
        <button class="main" disabled=${busy}>${adminWord('add')}</button>
      </form>
      <dl class="plan duties">${roles.map((role) => html`<dt>${adminWord(`role_${role}`)}</dt><dd>${adminWord(`may_${role}`)}</dd>`)}</dl>
      <${Refusal} text=${refusal} />
      <${Table} head=${['name', 'role', 'level', 'district', 'state']}
        rows=${(kept.value?.users ?? []).map((user) => ({
          key: user.name,
          faint: user.disabledAt !== null,
          cells: userCells(user, user.name === actor ? null : change),
        }))} />
    <//>
  `;
}

/** @param change null: nobody changes the own account here */
function userCells(user: User, change: ((name: string, body: object) => Promise<boolean>) | null) {
  const { name, displayName, role, level, district, disabledAt, mustChange } = user;
  const reset = () => {
    const password = prompt(adminWord('resetAsk'));
    if (password) void change?.(name, { password });
  };
  const pick = (field: 'role' | 'level', options: readonly string[], value: string) => html`
    <select aria-label=${`${adminWord(field)} ${name}`} value=${value} disabled=${change === null}
      onChange=${(event: Event) => change?.(name, { [field]: (event.target as HTMLSelectElement).value || null })}>
      ${field === 'level' && html`<option value="">${adminWord('ownLevel')}</option>`}
      ${options.map((one) => html`<option value=${one}>${adminWord(`${field}_${one}` as AdminWord)}</option>`)}
    </select>
  `;
  return [
    html`<b>${name}</b>${displayName !== name && html` <span class="faint">${displayName}</span>`}`,
    pick('role', roles, role),
    pick('level', levels, level ?? ''),
    district || adminWord('everywhere'),
    [disabledAt !== null && adminWord('disabled'), mustChange && adminWord('mustChange')].filter(Boolean).join('，'),
    change &&
      html`
        <button class="plain" onClick=${reset}>${adminWord('reset')}</button>
        <button class="plain" onClick=${() => change(name, { disabled: disabledAt === null })}>${adminWord(disabledAt === null ? 'disable' : 'enable')}</button>
      `,
  ];
}
