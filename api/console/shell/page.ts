import type { Lifecycle, Workspace } from '../../server/schemas.ts';

/** What every page of the console is given. */
export interface PageProps {
  workspace: Workspace;
  lifecycle: Lifecycle;
  /** Months of the workspace, YYYY-MM, latest first. */
  months: string[];
  /** The one shown, '' where there is none yet. */
  month: string;
}

/** The rooms of the console by the last part of their address. */
export type Room = 'month' | 'dashboard' | 'field' | 'admin';

/** /console/ is the month; /console/dashboard and the others are themselves. */
export function roomOfAddress(): Room {
  const last = location.pathname.split('/').at(-1);
  return last === 'dashboard' || last === 'field' || last === 'admin' ? last : 'month';
}
