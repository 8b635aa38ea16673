import type { Insertable, Kysely, Selectable } from 'kysely';
import type { Database } from './schema.ts';
import type { GaugeInputTable } from './schema-themes.ts';

export type GaugeInputRow = Selectable<GaugeInputTable>;

/** Enters a figure; the ones entered before stay on record. */
export async function addGaugeInput(
  db: Kysely<Database>,
  input: Omit<Insertable<GaugeInputTable>, 'seq'>,
): Promise<void> {
  await db.insertInto('gauge_inputs').values(input).execute();
}

/** The figures of a year that hold, the latest of each district and name, in order of district, then name. */
export async function latestGaugeInputs(db: Kysely<Database>, year: string): Promise<GaugeInputRow[]> {
  const latest = db
    .selectFrom('gauge_inputs')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('year', '=', year)
    .groupBy(['district', 'name']);
  const query = db.selectFrom('gauge_inputs').selectAll().where('seq', 'in', latest);
  return query.orderBy('district').orderBy('name').execute();
}
