import { ServiceError } from '../error.ts';
import { M2_PER_MU } from '../legality/area.ts';
import type { Label } from '../lifecycle/label.ts';

/** Figures that people enter for a district and year; see services/store/gauge-inputs.ts. */

/** Units a value may be entered in, and what it is multiplied by to be kept in formulas: areas in m². */
const units = {
  m2: 1,
  mu: M2_PER_MU,
  ha: 10_000,
  share: 1,
  count: 1,
} as const;
export type InputUnit = keyof typeof units;
export const inputUnits = Object.keys(units) as InputUnit[];

/** Inputs that gauges know by name; a formula may name any other. */
export const knownInputs: Readonly<Record<string, Label>> = {
  farmlandFloor: { zh: '耕地保有量任务', en: 'assigned minimum of farmland' },
  basicFarmlandFloor: { zh: '永久基本农田保护任务', en: 'assigned minimum of permanent basic farmland' },
  farmlandStock: { zh: '年初耕地面积', en: 'farmland at the beginning of the year' },
  basicFarmlandStock: { zh: '年初永久基本农田面积', en: 'permanent basic farmland at the beginning of the year' },
  newFarmland: { zh: '本年新增耕地（已验收）', en: 'farmland added this year, accepted' },
  newBasicFarmland: { zh: '本年补划永久基本农田', en: 'permanent basic farmland added this year' },
  farmlandTaken: { zh: '新增建设占用耕地总面积（上报）', en: 'farmland taken by new construction, as reported' },
};

/** A value as entered in the unit of formulas (m² for areas). */
export function inBaseUnit(value: number, unit: string): number {
  if (!Object.hasOwn(units, unit)) throw refused('The unit', inputUnits.join(', '), unit);
  return value * units[unit as InputUnit];
}

/** Throws bad-input where a district, year, name or source has not its form. */
export function checkInput(input: {
  district: string;
  year: string;
  name: string;
  value: number;
  unit: string;
  source: string;
}): void {
  if (!/^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/.test(input.district))
    throw refused('The district', 'a code of 2, 4, 6, 9 or 12 digits', input.district);
  if (!/^(19|20)\d{2}$/.test(input.year)) throw refused('The year', 'YYYY', input.year);
  if (!/^[A-Za-z][A-Za-z0-9]{0,59}$/.test(input.name))
    throw refused('The name', `letters and digits, such as ${Object.keys(knownInputs).join(', ')}`, input.name);
  if (!Number.isFinite(input.value)) throw refused('The value', 'a number', String(input.value));
  inBaseUnit(input.value, input.unit);
  if (input.source.trim() === '') throw refused('The source', 'where the figure comes from', input.source);
}

function refused(thing: string, wanted: string, got: string): ServiceError {
  return new ServiceError('bad-input', `${thing} of a gauge's input: wanted ${wanted}, got '${got}'.`);
}

export interface EnteredInput {
  district: string;
  name: string;
  /** In base units. */
  value: number;
}

/** Inputs of one district by name. */
export function inputsOf(inputs: readonly EnteredInput[], district: string): Record<string, number> {
  return Object.fromEntries(
    inputs.filter((each) => each.district === district).map(({ name, value }) => [name, value]),
  );
}
