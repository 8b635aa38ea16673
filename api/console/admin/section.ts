/** What a section knows of who looks at it. */
export interface SectionInput {
  /** May change things, not only read them. */
  admin: boolean;
  /** Sees every district. */
  whole: boolean;
  /** Who it is: nobody takes the own right away. */
  actor: string;
  months: string[];
}
