import { chanceAt } from './chance.ts';
import type { Lattice } from './lattice.ts';

export interface County {
  code: string;
  name: string;
}

/** Two rows of six, each tiling its part of the lattice; borders wander from cell to cell. */
const COUNTIES: readonly County[] = [
  ['430426', '祁东县'],
  ['430421', '衡阳县'],
  ['430408', '蒸湘区'],
  ['430407', '石鼓区'],
  ['430423', '衡山县'],
  ['430412', '南岳区'],
  ['430482', '常宁市'],
  ['430422', '衡南县'],
  ['430406', '雁峰区'],
  ['430405', '珠晖区'],
  ['430481', '耒阳市'],
  ['430424', '衡东县'],
].map(([code, name]) => ({ code, name }));
const ACROSS = 6;

export interface Counties {
  all: readonly County[];
  /** Index of the county that the cell (i, j) lies in. */
  at(i: number, j: number): number;
  /** Number of the town in its county, and of the village in its town, of a cell; from 1. */
  townAt(i: number, j: number): { town: number; village: number };
}

export function countiesOn({ columns, rows }: Lattice): Counties {
  const upright = Array.from({ length: ACROSS - 1 }, (_, k) => wander(rows, ((k + 1) * columns) / ACROSS, k));
  const level = wander(columns, rows / 2, ACROSS);
  const townWidth = Math.max(1, Math.ceil(columns / 30));
  const townHeight = Math.max(1, Math.ceil(rows / 10));
  return {
    all: COUNTIES,
    at(i, j) {
      const across = upright.findIndex((border) => i < border[j]);
      return (j < level[i] ? ACROSS : 0) + (across < 0 ? ACROSS - 1 : across);
    },
    townAt(i, j) {
      const town = 1 + (Math.floor(i / townWidth) % 6) + 6 * (Math.floor(j / townHeight) % 6);
      const village = 1 + Math.floor((5 * (i % townWidth)) / townWidth) + 5 * (j % 3);
      return { town, village };
    },
  };
}

/** A border that goes one cell to this side, to that or straight on at each step, not far from where it should be. */
function wander(steps: number, middle: number, which: number): Int32Array {
  const border = new Int32Array(steps);
  let at = Math.round(middle);
  for (let k = 0; k < steps; k++) {
    const pull = (middle - at) / Math.max(4, middle / 8);
    const chance = chanceAt(77, k, which);
    if (chance < 0.35 + 0.3 * pull) at++;
    else if (chance > 0.65 + 0.3 * pull) at--;
    border[k] = at;
  }
  return border;
}
