import { type BandRole, bandRoles } from '../../imagery/scene.ts';

/** Common names of the STAC electro-optical extension, as a role is called in it (v1.1.0). */
const commonNames: Readonly<Partial<Record<BandRole, string>>> = {
  ...{ B: 'blue', G: 'green', R: 'red', N: 'nir', S1: 'swir16', S2: 'swir22', P: 'pan', C: 'coastal', Y: 'yellow' },
  ...{ RE1: 'rededge', RE2: 'rededge', RE3: 'rededge', N2: 'nir08', T: 'lwir', A: 'cirrus' },
};

/** Further names that mean a role: those of eo v2.0.0, and those in wide use. */
const otherNames: Readonly<Record<string, BandRole>> = {
  ...{ rededge071: 'RE1', rededge075: 'RE2', rededge078: 'RE3', rededge1: 'RE1', rededge2: 'RE2', rededge3: 'RE3' },
  ...{ nir09: 'A', lwir11: 'T', lwir12: 'T', vv: 'VV', vh: 'VH', hh: 'HH', hv: 'HV' },
};

const roles = new Map<string, BandRole>([
  ...Object.entries(commonNames)
    .filter(([role]) => !role.startsWith('RE'))
    .map(([role, name]): [string, BandRole] => [name, role as BandRole]),
  ...Object.entries(otherNames),
]);

export function commonNameOf(role: BandRole): string | null {
  return commonNames[role] ?? null;
}

/**
 * The role of a band by its common name, else by its own name, if that is a role's or a polarisation; X where
 * neither says. `nir08` alone is N2 here; where a product has no `nir`, it is its near infrared.
 */
export function roleOfBand(commonName: string | undefined, name: string | undefined): BandRole {
  const own = bandRoles.find((role) => role === name);
  if (own !== undefined && (commonName === undefined || commonNames[own] === commonName)) return own;
  return roles.get(commonName?.toLowerCase() ?? '') ?? roles.get(name?.toLowerCase() ?? '') ?? 'X';
}
