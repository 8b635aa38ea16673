import { html } from 'htm/preact';
import type { Workspace } from '../../server/schemas.ts';
import { type Room, roomOfAddress } from './page.ts';
import { label } from './text.ts';

const rooms: { room: Room; href: string; name: { zh: string; en: string } }[] = [
  { room: 'month', href: './', name: { zh: '月清', en: 'Month' } },
  { room: 'dashboard', href: 'dashboard', name: { zh: '看板', en: 'Dashboard' } },
  { room: 'field', href: 'field', name: { zh: '外业', en: 'Field' } },
  { room: 'admin', href: 'admin', name: { zh: '管理', en: 'Admin' } },
];

interface RoomsProps {
  role: Workspace['access']['role'];
  month: string;
}

/** The way from one room to another; the month goes along. */
export function Rooms({ role, month }: RoomsProps) {
  const here = roomOfAddress();
  const open = rooms.filter(({ room }) => room !== 'admin' || role === 'admin' || role === 'reviewer');
  const query = month === '' ? '' : `?month=${month}`;
  return html`
    <nav class="rooms" aria-label=${label({ zh: '页面', en: 'Pages' })}>
      ${open.map(
        ({ room, href, name }) =>
          html`<a href=${href + query} aria-current=${room === here ? 'page' : undefined}>${label(name)}</a>`,
      )}
    </nav>
  `;
}
