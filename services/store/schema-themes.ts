/** Tables of the themes a patch belongs to and of the figures that gauges are measured against. */
// biome-ignore lint/suspicious/noEmptyInterface: its tables come with migration 0005.
export interface ThemeTables {}
