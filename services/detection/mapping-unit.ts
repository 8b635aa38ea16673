/** Smallest patch worth a person's look, m², by what is watched for (METHODS §9: practice, from memory). */
export const mappingUnitsM2 = { construction: 200, farmland: 400, other: 600 } as const;

export type MappingTheme = keyof typeof mappingUnitsM2;
export const mappingThemes = Object.keys(mappingUnitsM2) as MappingTheme[];
