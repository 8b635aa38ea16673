import { muOf } from '../legality/area.ts';
import type { sumOpen } from '../store/dashboard-sums.ts';
import type { BacklogFigures } from './figures.ts';
import { amountOf, overdueOf } from './funnel.ts';

/** What is still open, by how long ago it was found; pure. */
export function backlogOf(open: Awaited<ReturnType<typeof sumOpen>>, month: string): BacklogFigures {
  return {
    total: amountOf(open),
    overdue: overdueOf(open),
    months: open.map(({ areaM2, ...sum }) => ({
      ...sum,
      ...{ areaM2, areaMu: muOf(areaM2), ageMonths: numberOf(month) - numberOf(sum.month) },
    })),
  };
}

function numberOf(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return 12 * year + number;
}
