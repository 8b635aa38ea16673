import { html } from 'htm/preact';
import { render } from 'preact';
import { takeKeyFromAddress } from './session/key.ts';
import { FirstAdmin, takeFirstToken } from './session/login.ts';
import { App } from './shell/app.ts';
import { currentLanguage, setLanguage } from './shell/text.ts';

takeKeyFromAddress();
// The same link pasted into an open tab changes only the fragment, which does not load the page again.
addEventListener('hashchange', () => {
  takeKeyFromAddress();
  location.reload();
});
setLanguage(currentLanguage());
const first = takeFirstToken();
render(first === null ? html`<${App} />` : html`<${FirstAdmin} token=${first} />`, document.body);
