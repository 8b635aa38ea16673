import { ServiceError } from '../error.ts';
import { findCampaign, listBatches } from '../store/batch-files.ts';
import type { Store } from '../store/open.ts';
import type { Check } from './return/receipt.ts';
import { type StandingRow, standingRows } from './row-states.ts';

/** Rows counted; every row is counted once in each line. */
export interface CampaignCounts {
  total: number;
  /** 存量: built before the cut-off. 新增: built on it or later. Undated: the sender's days do not tell. */
  stock: number;
  fresh: number;
  undated: number;
  /** Of the stock: put right or found to be no breach; found to be no change; and what is left. */
  resolved: number;
  dismissed: number;
  remaining: number;
  /** m² on the ellipsoid of the whole stock and of what is left of it. */
  stockM2: number;
  remainingM2: number;
}

export interface CampaignFigures {
  campaign: string;
  cutOff: string;
  batches: number;
  total: CampaignCounts;
  /** In order of district; '' = rows that name none and are linked to nothing. */
  byDistrict: ({ district: string } & CampaignCounts)[];
  /** Places behind the rows: the same place sent twice is one. */
  places: number;
  checks: Check[];
}

/** How a campaign stands. @throws ServiceError not-found */
export async function campaignFigures(store: Store, name: string): Promise<CampaignFigures> {
  const campaign = await findCampaign(store.db, name);
  if (campaign === null) throw new ServiceError('not-found', `There is no campaign ${name}.`);
  const batches = (await listBatches(store.db)).filter((batch) => batch.campaign === name && batch.state === 'ready');
  const byDistrict = new Map<string, CampaignCounts>();
  const total = nothing();
  const places = new Set<string>();
  for (const { id } of batches) {
    for await (const standing of standingRows(store, id)) {
      const district = standing.row.district?.slice(0, 6) ?? '';
      const counts = byDistrict.get(district) ?? nothing();
      byDistrict.set(district, counts);
      for (const one of [total, counts]) count(one, standing, campaign.cutOff);
      if (standing.link !== null) places.add(standing.link.placeId);
    }
  }
  const lines = [...byDistrict]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([district, counts]) => ({ district, ...counts }));
  const checks = checksOf(total, lines);
  return {
    ...{ campaign: name, cutOff: campaign.cutOff, batches: batches.length, total, byDistrict: lines },
    ...{ places: places.size, checks },
  };
}

/** 存量 or 新增, by when the sender says it was built, else by the images it was seen in. Pure. */
export function ageOf(
  { builtDate, beforeDate, afterDate }: Pick<StandingRow['row'], 'builtDate' | 'beforeDate' | 'afterDate'>,
  cutOff: string,
): 'stock' | 'fresh' | 'undated' {
  if (builtDate !== null) return builtDate < cutOff ? 'stock' : 'fresh';
  if (afterDate !== null && afterDate < cutOff) return 'stock';
  return beforeDate !== null && beforeDate >= cutOff ? 'fresh' : 'undated';
}

function count(counts: CampaignCounts, { row, state }: StandingRow, cutOff: string): void {
  const age = ageOf(row, cutOff);
  counts.total++;
  counts[age]++;
  if (age !== 'stock') return;
  const outcome = state.outcome === 'resolved' || state.outcome === 'dismissed' ? state.outcome : 'remaining';
  // What a resolved patch does not cover of the row is left.
  const isPartial = outcome === 'resolved' && state.remainingM2 > 0;
  counts[isPartial ? 'remaining' : outcome]++;
  counts.stockM2 += row.areaM2 ?? 0;
  if (isPartial) counts.remainingM2 += state.remainingM2;
  else if (outcome === 'remaining') counts.remainingM2 += row.areaM2 ?? 0;
}

function nothing(): CampaignCounts {
  const rows = { total: 0, stock: 0, fresh: 0, undated: 0, resolved: 0, dismissed: 0, remaining: 0 };
  return { ...rows, stockM2: 0, remainingM2: 0 };
}

function checksOf(total: CampaignCounts, lines: readonly CampaignCounts[]): Check[] {
  const sum = (name: keyof CampaignCounts) => lines.reduce((all, line) => all + line[name], 0);
  const { stock, fresh, undated, resolved, dismissed, remaining } = total;
  const [rows, cleared] = [sum('total'), resolved + dismissed];
  return [
    {
      what: `总数 total ${total.total} = 存量 ${stock} + 新增 ${fresh} + 时间不明 undated ${undated}`,
      holds: total.total === stock + fresh + undated,
    },
    {
      what: `存量 stock ${stock} = 已清零 cleared ${cleared} + 剩余 remaining ${remaining}`,
      holds: stock === cleared + remaining,
    },
    { what: `总数 total ${total.total} = 各县之和 sum of districts ${rows}`, holds: total.total === rows },
    { what: `剩余 remaining ${remaining} = 各县之和 ${sum('remaining')}`, holds: remaining === sum('remaining') },
  ];
}
