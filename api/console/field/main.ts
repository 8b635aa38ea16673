import { html } from 'htm/preact';
import { render } from 'preact';
import { takeKeyFromAddress } from '../session/key.ts';
import { currentLanguage, setLanguage } from '../shell/text.ts';
import { FieldPage } from './page.ts';

takeKeyFromAddress();
setLanguage(currentLanguage());
render(html`<${FieldPage} />`, document.body);
