import type { Insertable, Kysely, Selectable } from 'kysely';
import { insertRows } from './insert.ts';
import type { Database } from './schema.ts';
import type { OpinionTable } from './schema-legality.ts';

export type OpinionRow = Selectable<OpinionTable>;

/** Their patches must have been inserted before. The same opinion of a patch given twice is refused. */
export async function insertOpinions(
  db: Kysely<Database>,
  opinions: readonly Insertable<OpinionTable>[],
): Promise<void> {
  await insertRows(db, 'opinions', opinions);
}

/** Every opinion there was of a patch, oldest first. */
export async function opinionsOf(db: Kysely<Database>, patchId: string): Promise<OpinionRow[]> {
  return db.selectFrom('opinions').selectAll().where('patchId', '=', patchId).orderBy('seq').execute();
}

/** The opinion of a patch that counts, or null. */
export async function latestOpinion(db: Kysely<Database>, patchId: string): Promise<OpinionRow | null> {
  const query = db.selectFrom('opinions').selectAll().where('patchId', '=', patchId);
  return (await query.orderBy('seq', 'desc').limit(1).executeTakeFirst()) ?? null;
}

export interface OpinionFilter {
  month?: string | undefined;
  /** Code prefix; '' = all. */
  district?: string | undefined;
}

/** An opinion with what its patch is called by. */
export type NumberedOpinion = OpinionRow & { number: string; month: string; district: string };

const PAGE = 500;

/** The opinion that counts of each patch of the filter, in order of number; read a page at a time. */
export async function* latestOpinions(db: Kysely<Database>, filter: OpinionFilter): AsyncGenerator<NumberedOpinion> {
  for (let after = ''; ; ) {
    const page = await pageAfter(db, filter, after);
    yield* page;
    if (page.length < PAGE) return;
    after = page[page.length - 1].number;
  }
}

async function pageAfter(
  db: Kysely<Database>,
  { month, district }: OpinionFilter,
  after: string,
): Promise<NumberedOpinion[]> {
  let query = db
    .selectFrom('opinions')
    .innerJoin('patches', 'patches.id', 'opinions.patchId')
    .selectAll('opinions')
    .select(['patches.number', 'patches.month', 'patches.district'])
    .where('patches.number', '>', after)
    .where(({ eb, selectFrom }) =>
      eb(
        'opinions.seq',
        '=',
        selectFrom('opinions as other')
          .select(({ fn }) => fn.max('other.seq').as('seq'))
          .whereRef('other.patchId', '=', 'opinions.patchId'),
      ),
    );
  if (month !== undefined) query = query.where('patches.month', '=', month);
  if (district) {
    query = query.where('patches.district', '>=', district).where('patches.district', '<', `${district}\uffff`);
  }
  return query.orderBy('patches.number').limit(PAGE).execute();
}
