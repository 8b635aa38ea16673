import { describe, expect, it } from 'vitest';
import { balance } from '../../../services/gauges/balance.ts';
import type { GaugeRow } from '../../../services/gauges/gauge-row.ts';
import { standardParameters } from '../../../services/gauges/parameters.ts';
import { gaugeRow, illegal, lawful } from '../../support/gauge-rows.ts';

const rows = [
  gaugeRow({ patchId: 'a', farmlandM2: 1000, ...illegal }),
  gaugeRow({ patchId: 'b', farmlandM2: 2000, basicFarmlandM2: 500, ...lawful }),
];
const headline = { patches: 2, areaM2: 3000, farmlandM2: 3000, basicFarmlandM2: 500, takenM2: 3000 };
const found = (given: readonly GaugeRow[], stated = {}) =>
  balance(given, '2025', { ...headline, ...stated }, standardParameters).map(({ what, difference }) => [
    what,
    difference,
  ]);

describe('a balance', () => {
  it('that adds up has nothing to show', () => expect(found(rows)).toEqual([]));

  it.each<[string, object, unknown[][]]>([
    ['one patch more reported', { patches: 3 }, [['headline patches', -1]]],
    ['another area', { areaM2: 2900 }, [['headline areaM2', 100]]],
    ['another share of basic farmland', { basicFarmlandM2: 700 }, [['headline basicFarmlandM2', -200]]],
    ['less taken than found', { takenM2: 2500 }, [['headline takenM2', 500]]],
    ['rounding of the sixth digit', { areaM2: 3000.002 }, []],
  ])('names what differs from the headline: %s', (_, stated, wanted) => expect(found(rows, stated)).toEqual(wanted));

  it('names rows that do not fit into themselves', () => {
    const broken = { ...rows[0], number: 'N1', farmlandM2: 1200, restoredM2: 1300 };
    expect(found([broken, rows[1]], { farmlandM2: 3200, takenM2: 3200 })).toEqual([
      ['patch N1 farmland in area', 200],
      ['patch N1 restored in farmland', 100],
    ]);
    expect(found([{ ...rows[0], number: 'N2', farmlandM2: Number.NaN }, rows[1]])[0]).toEqual([
      'patch N2 farmland in area',
      Number.NaN,
    ]);
  });

  it('names a patch that is counted twice', () => {
    expect(found([...rows, { ...rows[1], number: 'N3' }]).map(([what]) => what)).toContainEqual(
      expect.stringMatching(/^patch .* once$/),
    );
  });
});
