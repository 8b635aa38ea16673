import { html } from 'htm/preact';
import { adminWord } from './words.ts';

export const roles = ['viewer', 'field', 'handler', 'reviewer', 'admin'] as const;
export const levels = ['town', 'county', 'city', 'province'] as const;

/** The fields of what somebody may do: role, level of the office, and district. */
export function Office() {
  return html`
    <label>${adminWord('role')}
      <select name="role">${roles.map((role) => html`<option value=${role}>${adminWord(`role_${role}`)}</option>`)}</select>
    </label>
    <label>${adminWord('level')}
      <select name="level">
        <option value="">${adminWord('ownLevel')}</option>
        ${levels.map((level) => html`<option value=${level}>${adminWord(`level_${level}`)}</option>`)}
      </select>
    </label>
    <label>${adminWord('district')} <input name="district" inputmode="numeric" pattern="\\d{0,12}" placeholder=${adminWord('everywhere')} /></label>
  `;
}
