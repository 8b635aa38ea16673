import { html } from 'htm/preact';
import type { StateRow } from '../../server/schemas.ts';
import { ExportMenu } from './export-menu.ts';
import type { Filter } from './filter.ts';
import { Filters, type Theme } from './filters.ts';
import { type Overview, OverviewMenu } from './overview.ts';
import { StateChips } from './state-chips.ts';
import type { Figures } from './statistics.ts';

interface TopBarProps {
  filter: Filter;
  /** The filter, as GET /patches takes it. */
  query: string;
  figures: Figures | null;
  states: readonly StateRow[];
  overview: Overview;
  themes: readonly Theme[];
  total: number;
  /** What an exported file is called, without its ending. */
  fileName: string;
  onFilter: (change: Partial<Filter>) => void;
  onFailed: (error: Error) => void;
}

/** Over list and map: how many there are in each state, and what is asked for. */
export function TopBar({
  filter,
  query,
  figures,
  states,
  overview,
  themes,
  total,
  fileName,
  onFilter,
  onFailed,
}: TopBarProps) {
  return html`
    <div class="top-bar">
      <${StateChips} figures=${figures} filter=${filter} states=${states} onFilter=${onFilter} />
      <div class="menus">
        <${OverviewMenu} overview=${overview} district=${filter.district} onDistrict=${(district: string) => onFilter({ district })} />
        <${ExportMenu} query=${query} total=${total} name=${fileName} onFailed=${onFailed} />
      </div>
      <${Filters} filter=${filter} figures=${figures} districts=${overview.table?.rows ?? []} themes=${themes} onFilter=${onFilter} />
    </div>
  `;
}
