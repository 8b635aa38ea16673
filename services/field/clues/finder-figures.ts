import { localDay } from '../../local-time.ts';
import type { FirstFinder } from './first-finder.ts';

/** A median, and over how many; null where there are none. */
export interface Median {
  days: number | null;
  count: number;
}

/** What one source found first, in one district and month. */
export interface FinderFigures {
  /** YYYY-MM in which it was found, Asia/Shanghai. */
  month: string;
  district: string;
  foundBy: FirstFinder['foundBy'];
  places: number;
  /** The three add up to the places. */
  stopped: number;
  goingOn: number;
  nothing: number;
  /** From onset to found, at least and at most, over the places of which that is known. */
  onsetToFoundAtLeast: Median;
  onsetToFoundAtMost: Median;
  foundToStopped: Median;
}

const SOURCES: readonly FirstFinder['foundBy'][] = ['satellite', 'papers', 'patrol', 'public'];

/** The ledger by month, district and source, in that order. `by` month or district left out: all months, all districts. Pure. */
export function finderFigures(
  ledger: readonly FirstFinder[],
  by: { months: boolean; districts: boolean } = { months: true, districts: true },
): FinderFigures[] {
  const month = ({ foundAt }: FirstFinder) => (by.months ? localDay(foundAt).slice(0, 7) : '');
  const district = (row: FirstFinder) => (by.districts ? row.district : '');
  const key = (row: FirstFinder) => [month(row), district(row), SOURCES.indexOf(row.foundBy)].join(' ');
  return [...Map.groupBy(ledger, key).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const count = (ending: FirstFinder['ending']) => group.filter((row) => row.ending === ending).length;
      return {
        ...{ month: month(group[0]), district: district(group[0]), foundBy: group[0].foundBy, places: group.length },
        ...{ stopped: count('stopped'), goingOn: count('going-on'), nothing: count('nothing') },
        onsetToFoundAtLeast: medianOf(group.map(({ daysAtLeast }) => daysAtLeast)),
        onsetToFoundAtMost: medianOf(group.map(({ daysAtMost }) => daysAtMost)),
        foundToStopped: medianOf(group.map(({ daysToStop }) => daysToStop)),
      };
    });
}

/** Of those that are known; of an even number the mean of the two in the middle. */
export function medianOf(days: readonly (number | null)[]): Median {
  const known = days.filter((each) => each !== null).sort((a, b) => a - b);
  const middle = known.length >> 1;
  if (known.length === 0) return { days: null, count: 0 };
  return {
    days: known.length % 2 === 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2,
    count: known.length,
  };
}
