import type { Generated } from 'kysely';

/** Tables of the themes a patch belongs to and of the figures that gauges are measured against. */
export interface ThemeTables {
  patch_themes: PatchThemeTable;
  gauge_inputs: GaugeInputTable;
}

/** A theme that a patch belongs to, by the definitions it was last told by. */
export interface PatchThemeTable {
  patchId: string;
  /** Id in the theme definitions, e.g. farmland-quantity. */
  theme: string;
  /** Edition of the definitions. */
  edition: string;
  /** watch, minor, ordinary, serious or grave. */
  severity: string;
  /** JSON of services/themes Because[]. */
  becauseJson: string;
}

/** A figure that somebody entered for a district and year. Never changed: a later entry of the name takes its place. */
export interface GaugeInputTable {
  seq: Generated<number>;
  /** Administrative code, of any level. */
  district: string;
  /** YYYY. */
  year: string;
  name: string;
  /** As entered, in `unit`. */
  value: number;
  unit: string;
  /** The document or person it comes from. */
  source: string;
  enteredAt: string;
}
