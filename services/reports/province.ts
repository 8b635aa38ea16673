import type { EnteredInput } from '../gauges/inputs.ts';
import type { HeadlineName, ScopeFacts } from './facts.ts';

/** Names under which the whole province's figures of a year are entered (tuban gauges set 43 2026 provinceIssued …). */
const PROVINCE_INPUTS: Readonly<Record<HeadlineName, string>> = {
  found: 'provinceFound',
  issued: 'provinceIssued',
  monitoredM2: 'provinceMonitored',
  farmlandM2: 'provinceFarmland',
  basicFarmlandM2: 'provinceBasicFarmland',
};

/** What is on record for the province that a place lies in; pure. */
export function provinceFigures(
  { inputs, rows }: { inputs: readonly EnteredInput[]; rows: readonly { district: string }[] },
  code: string,
): ScopeFacts['province'] {
  const provinces = new Set(
    (code === '' ? rows.map(({ district }) => district) : [code]).map((one) => one.slice(0, 2)),
  );
  if (provinces.size !== 1) return {};
  const [province] = provinces;
  const entered = inputs.filter(({ district }) => district === province || district === `${province}0000`);
  return Object.fromEntries(
    (Object.entries(PROVINCE_INPUTS) as [HeadlineName, string][]).flatMap(([name, input]) => {
      const found = entered.find((one) => one.name === input);
      return found === undefined ? [] : [[name, found.value]];
    }),
  );
}
