import { seededRandom } from '../../support/random.ts';
import { AREA, COUNTIES, MONTHS, STATES_USED, THEMES, TYPES } from './plant.ts';

/** Different questions of the list, as console and programs ask them: a month of a county, and what is narrowed further. */
export function filteredPages(count: number): string[] {
  const random = seededRandom(11);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const parts: (() => string)[] = [
    () => `month=${pick(MONTHS)}`,
    () => `district=${pick(COUNTIES)[0]}`,
    () => `state=${pick(STATES_USED)},${pick(STATES_USED)}`,
    () => `type=${pick(TYPES)}`,
    () => `minArea=${Math.floor(random() * 3000)}`,
    () => `maxArea=${2000 + Math.floor(random() * 8000)}`,
    () => `overdue=${pick(['true', 'false'])}`,
    () => `layer=${pick(['farmland', 'permanent-farmland', 'red-line'])}`,
    () => `theme=${pick(THEMES)}`,
    () => boxOf(random),
    () => `stage=${pick(['find', 'warn', 'resolve'])}`,
  ];
  const found = new Set<string>();
  while (found.size < count) {
    const chosen = parts.slice(2).filter(() => random() < 0.2);
    const county = random() < 0.8 ? [parts[1]] : [];
    const query = [parts[0], ...county, ...chosen].map((part) => part()).join('&');
    found.add(`/patches?${query}`);
  }
  return [...found];
}

function boxOf(random: () => number): string {
  const [lon, lat] = [AREA.minLon + random() * 1.4, AREA.minLat + random() * 1.1];
  return `bbox=${[lon, lat, lon + 0.3, lat + 0.3].map((degrees) => degrees.toFixed(4)).join(',')}`;
}
