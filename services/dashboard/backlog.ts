import { stateOf } from '../lifecycle/transitions.ts';
import type { BacklogFigures } from './figures.ts';
import { amountOf, overdueOf } from './funnel.ts';
import type { StateSum } from './sums.ts';

/** What is still open, by how long ago it was found; pure. */
export function backlogOf(sums: readonly StateSum[], month: string): BacklogFigures {
  const open = sums.filter(({ state }) => stateOf('patch', state).outcome === 'open');
  const months = [...Map.groupBy(open, (sum) => sum.month)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    total: amountOf(open),
    overdue: overdueOf(open),
    months: months.map(([found, own]) => ({
      ...{ month: found, ...amountOf(own), overdue: overdueOf(own) },
      ageMonths: numberOf(month) - numberOf(found),
    })),
  };
}

function numberOf(month: string): number {
  const [year, number] = month.split('-').map(Number);
  return 12 * year + number;
}
