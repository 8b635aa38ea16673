import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { addGaugeInput, latestGaugeInputs } from '../../../services/store/gauge-inputs.ts';
import { replacePatchThemes, themesOfPatch } from '../../../services/store/patch-themes.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const theme = (patchId: string, theme: string, severity = 'minor') => ({
  patchId,
  theme,
  severity,
  edition: 'themes-1',
  becauseJson: '[]',
});

describeOnBothStores('Themes of patches', (openFresh) => {
  it('are replaced as a whole, also by none, and only those of the patches named', async () => {
    const store = await openFresh();
    const [a, b, c] = [await plantPatch(store), await plantPatch(store), await plantPatch(store)];
    await replacePatchThemes(
      store.db,
      [a, b, c],
      [theme(a, 'red-line'), theme(a, 'farmland-use'), theme(b, 'red-line'), theme(c, 'red-line')],
    );
    await replacePatchThemes(store.db, [a, b], [theme(a, 'emergency', 'grave')]);
    const names = async (id: string) => (await themesOfPatch(store.db, id)).map((row) => row.theme);
    expect([await names(a), await names(b), await names(c)]).toEqual([['emergency'], [], ['red-line']]);
  });
});

describeOnBothStores('Figures that people enter', (openFresh) => {
  const input = {
    district: '430407',
    year: '2025',
    name: 'farmlandFloor',
    value: 1,
    unit: 'ha',
    source: 'plan',
    enteredAt: '2025-01-01T00:00:00Z',
  };

  it('hold by the latest of each district and name; the earlier ones stay on record', async () => {
    const { db } = await openFresh();
    for (const value of [3, 1, 2]) await addGaugeInput(db, { ...input, value });
    await addGaugeInput(db, { ...input, name: 'farmlandStock', value: 9 });
    await addGaugeInput(db, { ...input, district: '4304', value: 7 });
    await addGaugeInput(db, { ...input, year: '2024', value: 8 });
    const held = (await latestGaugeInputs(db, '2025')).map(({ district, name, value }) => [district, name, value]);
    expect(held).toEqual([
      ['4304', 'farmlandFloor', 7],
      ['430407', 'farmlandFloor', 2],
      ['430407', 'farmlandStock', 9],
    ]);
    const entered = await db.selectFrom('gauge_inputs').select('value').orderBy('seq').execute();
    expect(entered.map(({ value }) => value)).toEqual([3, 1, 2, 9, 7, 8]);
  });

  it('are never changed or deleted', async () => {
    const { db } = await openFresh();
    await addGaugeInput(db, input);
    await expect(sql`update gauge_inputs set value = 2`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`delete from gauge_inputs`.execute(db)).rejects.toThrow('append-only');
  });
});
