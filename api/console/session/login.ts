import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { keepKey } from './key.ts';
import { ProviderLogIn } from './provider.ts';
import { loginWord } from './words.ts';

/** The console stands at /console/; sessions beside it. */
const base = new URL('../', location.href.split(/[?#]/)[0]);

interface Field {
  id: string;
  label: string;
  autocomplete: string;
  secret: boolean;
}

const nameField: Field = { id: 'name', label: 'name', autocomplete: 'username', secret: false };
const passwordField: Field = { id: 'password', label: 'password', autocomplete: 'current-password', secret: true };
const newFields: Field[] = [
  { id: 'newPassword', label: 'newPassword', autocomplete: 'new-password', secret: true },
  { id: 'again', label: 'again', autocomplete: 'new-password', secret: true },
];

/** Name and password; the session is in a cookie that the browser keeps to itself. */
export function LoginForm() {
  return html`<${ProviderLogIn} /><${Form} fields=${[nameField, passwordField]} button="logIn"
    send=${({ name, password }: Values) => post('session', { name, password })} />`;
}

/** Whoever has a password from somebody else sets one of their own first. */
export function PasswordForm() {
  return html`
    <h1>${loginWord('mustChange')}</h1>
    <${Form} fields=${[passwordField, ...newFields]} button="set"
      send=${({ password, newPassword }: Values) => post('session/password', { password, newPassword })} />
  `;
}

/** The first account of a workspace, made with the token of the link that was printed at start. */
export function FirstAdmin({ token }: { token: string }) {
  return html`
    <main class="closed">
      <img src="shell/icon.svg" alt="" width="44" height="44" />
      <h1>${loginWord('firstAdmin')}</h1>
      <${Form} fields=${[nameField, ...newFields]} button="set"
        send=${({ name, newPassword }: Values) => post('session/first', { token, name, password: newPassword })} />
    </main>
  `;
}

/** The token of '#first=…', which goes out of the address bar at once. */
export function takeFirstToken(): string | null {
  const token = /^#first=([\w-]+)$/.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

export async function logOut(): Promise<void> {
  await fetch(new URL('session', base), { method: 'DELETE' });
  location.reload();
}

type Values = Record<string, string>;

interface FormProps {
  fields: Field[];
  button: 'logIn' | 'set';
  send: (values: Values) => Promise<string | null>;
}

function Form({ fields, button, send }: FormProps) {
  const [values, setValues] = useState<Values>({});
  const [refusal, setRefusal] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if ('newPassword' in values && values['newPassword'] !== values['again']) return setRefusal(loginWord('differ'));
    setBusy(true);
    const refused = await send(values);
    setBusy(false);
    if (refused !== null) return setRefusal(refused);
    // A key would go before the session.
    keepKey('');
    location.reload();
  };
  return html`
    <form class="key-form login" onSubmit=${submit}>
      ${fields.map(
        ({ id, label, autocomplete, secret }) => html`
          <label>${loginWord(label as 'name')}
            <input name=${id} type=${secret ? 'password' : 'text'} autocomplete=${autocomplete} required value=${values[id] ?? ''}
              onInput=${(event: Event) => setValues({ ...values, [id]: (event.target as HTMLInputElement).value })} />
          </label>`,
      )}
      <p role="alert">${refusal}</p>
      <div class="buttons"><button class="main" disabled=${busy}>${loginWord(button)}</button></div>
    </form>
  `;
}

/** Null where it was done, else why not, in the server's words. */
async function post(path: string, body: object): Promise<string | null> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(new URL(path, base), { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) return null;
    const problem = (await response.json().catch(() => ({}))) as { detail?: string };
    return problem.detail ?? response.statusText;
  } catch (error) {
    return (error as Error).message;
  }
}
