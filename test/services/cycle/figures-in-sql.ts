import { sql } from 'kysely';
import type { Store } from '../../../services/store/open.ts';

/**
 * The figures of DOMAIN §8 once more, in SQL alone and by its own lists of states: nothing of services/cycle is used.
 * By the name of the figure. `month` may be a year: all months that begin so.
 */
export async function figuresInSql({ db, dialect }: Store, month: string): Promise<Record<string, number>> {
  const text = (path: string) =>
    dialect === 'sqlite'
      ? `json_extract("payloadJson", '$.${path}')`
      : `("payloadJson"::jsonb #>> '{${path.replaceAll('.', ',')}}')`;
  const flag = (path: string) => `coalesce(${text(path)}, '0') in ('1', 'true')`;
  const hundredth = `(round(p."areaM2" * 100) / 100)`;
  const real = (path: string) => `cast(${text(path)} as double precision)`;
  // The latest standing event of a patch for which `where` holds, after its last reopening where it says so.
  const latest = (value: string, where: string, sinceReopened = false) => `(select ${value} from said e
    where e."subjectId" = b.id and (${where})
    ${sinceReopened ? `and e.seq >= coalesce((select max(r.seq) from said r where r."subjectId" = b.id and r.action = 'reopen'), 0)` : ''}
    order by e.seq desc limit 1)`;
  // What the rules found surely not allowed, where nobody measured the breach.
  const byRules = `(select nullif(${real('figures.uncoveredM2').replace(/"payloadJson"/g, '"opinionJson"')}, 0)
    from opinions n where n."patchId" = b.id order by n.seq desc limit 1)`;
  const resolveStates = `('reviewed','closed','rectifying-before-filing','in-case','rectifying','closure-review',
    'closure-returned','resolved','restored','reopened')`;
  const dismissedStates = `('dismissed','false-change')`;
  const doneStates = `('closed','resolved','restored')`;
  const query = `
    with recursive lineage(child, parent) as materialized (
      select "childId", "parentId" from patch_lineage where "actId" not in
        (select undoes from lineage_acts where undoes is not null)),
    kin(id, other) as (
      select id, id from patches where state <> 'withdrawn'
      union select k.id, case when l.child = k.other then l.parent else l.child end
        from kin k join lineage l on k.other in (l.child, l.parent)),
    family(id, root) as materialized (
      select id, min(other) from kin where other not in (select child from lineage) group by id),
    sent(root, first) as (
      select f.root, min(t.month) from family f join month_tasks t on t."patchId" = f.id group by f.root),
    said as materialized (
      select * from events e where ${text('undoes')} is null and not exists
        (select 1 from (select ${text('undoes')} as undone from events where action = 'undo') u where u.undone = e.id)),
    warned(root) as materialized (
      select distinct f.root from family f join said e on e."subjectId" = f.id
      where e.action = 'warn' or ${flag('inherited.warned')}),
    own as materialized (
      select f.id, f.root, s.first is not null or f.root in (select root from warned) as issued
      from family f join patches p on p.id = f.root
      left join sent s on s.root = f.root where coalesce(s.first, p.month) like '${month}%'),
    base as materialized (
      select p.id, p.state, ${hundredth} as "areaM2" from own o join patches p on p.id = o.id
      where o.issued and o.id not in (select parent from lineage)),
    judged as materialized (
      select b.*,
        ${latest(text('judgement'), `${text('judgement')} is not null`)} as judgement,
        coalesce(${latest(real('violationM2'), `${real('violationM2')} > 0`)}, ${byRules}, b."areaM2") as breach,
        ${latest(`coalesce(${real('remedy.demolishedM2')}, 0)`, `${text('remedy')} is not null`, true)} as d,
        ${latest(`coalesce(${real('remedy.regularisedM2')}, 0)`, `${text('remedy')} is not null`, true)} as r,
        ${latest(`coalesce(${real('remedy.confiscatedM2')}, 0)`, `${text('remedy')} is not null`, true)} as c,
        ${latest(real('restoredM2'), `${text('restoredM2')} is not null`, true)} as restored,
        ${latest(`coalesce(${text('inherited.way')}, action)`, `${text('inherited.way')} is not null or action in ('rectify-before-filing','put-in-case','start-rectifying')`)} as way,
        ${latest(`coalesce(${text('inherited.returnedFrom')}, e."fromState")`, `e."toState" = 'returned' and (e.action = 'return' or ${text('inherited.returnedFrom')} is not null)`)} as returner,
        exists (select 1 from said e where e."subjectId" = b.id
          and (e."toState" = 'city-review' or ${flag('inherited.reported')})) as reported,
        exists (select 1 from said e where e."subjectId" = b.id and (${flag('inherited.returned')}
          or e.action = 'return' and e."fromState" in ('city-review','province-review'))) as returned
      from base b),
    measured as materialized (
      select j.*, case when coalesce(d + r + c, 0) > 0 then d
          else coalesce(restored, case when state = 'restored' then breach else 0 end) end as demolished,
        case when coalesce(d + r + c, 0) > 0 then r else 0 end as regularised,
        case when coalesce(d + r + c, 0) > 0 then c else 0 end as confiscated
      from judged j),
    facts as materialized (
      select m.*, judgement in ('illegal-construction','non-grain') and state not in ${dismissedStates} as bad
      from measured m),
    told as materialized (
      select f.*, coalesce(bad, false) as breached,
        coalesce(bad, false) and state in ('resolved','restored')
          and breach - demolished - regularised - confiscated < 0.005 as clear,
        coalesce(bad, false) and state in ${resolveStates} and coalesce(way, '') <> 'rectify-before-filing' as due,
        id in (select k."patchId" from case_patches k join said e on e."subjectId" = k."caseId"
          where e.action in ('file','file-directly')) as filed,
        id in (select k."patchId" from case_patches k join said e on e."subjectId" = k."caseId"
          where e.action = 'hand-over') as handed
      from facts f)`;
  const count = (where: string, name: string) => `coalesce(sum(case when ${where} then 1 else 0 end), 0) as "${name}"`;
  const sum = (what: string, where: string, name: string) =>
    `coalesce(sum(case when ${where} then ${what} else 0 end), 0) as "${name}"`;
  const ofRows = `select count(*) as rows, ${count('o.issued and o.id not in (select child from lineage)', 'issued')},
    ${sum(hundredth, 'o.issued and o.id not in (select child from lineage)', 'issuedM2')}, ${count('not o.issued', 'notIssued')},
    ${count(`not o.issued and p.state in ${dismissedStates} and o.id not in (select parent from lineage)`, 'notIssuedDismissed')}
    from own o join patches p on p.id = o.id`;
  const ofBase = `select count(*) as base, ${sum('"areaM2"', 'true', 'baseM2')},
    ${count(`state in ${doneStates}`, 'resolved')}, ${count(`state in ${dismissedStates}`, 'dismissed')},
    ${count('breached', 'violations')}, ${sum('breach', 'breached', 'violationM2')},
    ${count('clear', 'rectified')}, ${sum('breach', 'clear', 'rectifiedM2')},
    ${count('clear and demolished > 0 and regularised = 0 and confiscated = 0', 'onlyDemolished')},
    ${count('clear and demolished = 0 and regularised > 0 and confiscated > 0', 'regConf')},
    ${count('clear and demolished > 0 and regularised > 0 and confiscated = 0', 'demReg')},
    ${sum('demolished', 'clear', 'demolishedM2')},
    ${count(`state in ${resolveStates} or state in ${dismissedStates}`, 'ended')},
    ${count(`state = 'city-review'`, 'city')}, ${count(`state = 'province-review'`, 'province')},
    ${count(`state = 'returned' and returner in ('city-review','province-review')`, 'back')},
    ${count('reported', 'everReported')}, ${count('returned', 'everReturned')},
    ${count('due', 'casesDue')}, ${count('due and filed', 'casesFiled')}, ${count('breached and handed', 'handedOver')}
    from told`;
  const ofCases = `select count(*) as filed, ${count(`c.state = 'closed'`, 'closed')} from cases c
    where c.id in (select e."subjectId" from said e where e.action in ('file','file-directly'))
      and c.id in (select k."caseId" from case_patches k join told t on t.id = k."patchId" where t.breached)`;
  const figures: Record<string, number> = {};
  for (const part of [ofRows, ofBase, ofCases]) {
    const { rows } = await sql.raw<Record<string, unknown>>(`${query} ${part}`).execute(db);
    for (const [name, value] of Object.entries(rows[0])) figures[name] = Number(value);
  }
  return figures;
}
