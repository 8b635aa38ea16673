import type { PeriodFacts, ScopeFacts } from '../facts.ts';
import type { ReportTable } from '../table.ts';
import { figuresTable, ratesTable } from './figures-table.ts';
import { farmlandTable, floorTable } from './gauge-tables.ts';
import { headlineTable } from './headline-table.ts';
import { rankingTable } from './ranking-table.ts';
import { imageryTables, precisionTables } from './sight-tables.ts';
import { carryTable, causesTable, checksTable, correctionsTable, findersTable, monthsTable } from './work-tables.ts';

/** Everything that a report says, in the order in which it is printed; checks last. */
export function reportTables(facts: PeriodFacts, scope: ScopeFacts): ReportTable[] {
  return [
    headlineTable(facts, scope),
    ratesTable(scope),
    ...(scope.code.length === 6 ? [] : [rankingTable(facts, scope.code)]),
    figuresTable(facts, scope),
    monthsTable(scope),
    farmlandTable(facts, scope),
    floorTable(facts, scope),
    ...imageryTables(facts, scope),
    ...precisionTables(facts, scope),
    causesTable(scope),
    findersTable(scope),
    carryTable(scope),
    correctionsTable(facts, scope.code),
    checksTable(scope),
  ];
}
