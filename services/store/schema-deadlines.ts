import type { Generated } from 'kysely';

/** Tables of what due dates are counted by. Never changed: of a year, and of the rules, the latest entry holds. */
export interface DeadlineTables {
  calendar_years: CalendarYearTable;
  deadline_rules: DeadlineRulesTable;
}

/** The working-day calendar of one year, as a workspace was told it. */
export interface CalendarYearTable {
  seq: Generated<number>;
  year: number;
  /** JSON arrays of local days, YYYY-MM-DD. */
  holidaysJson: string;
  makeUpDaysJson: string;
  /** The notice it is taken from. */
  source: string;
  enteredAt: string;
}

export interface DeadlineRulesTable {
  seq: Generated<number>;
  /** JSON of services/lifecycle DeadlineRules. */
  rulesJson: string;
  source: string;
  enteredAt: string;
}
