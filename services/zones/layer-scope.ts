import type { LayerRow } from '../store/layers.ts';

/** True where a version speaks for ground in a district (a code prefix; '' = everywhere). */
export function speaksForGroundIn({ scope }: Pick<LayerRow, 'scope'>, district: string): boolean {
  return scope.startsWith(district) || district.startsWith(scope);
}
