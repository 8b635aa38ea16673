/** Tables of the rule sets and of the opinions formed by them. */
// biome-ignore lint/suspicious/noEmptyInterface: its tables come with migration 0004.
export interface LegalityTables {}
