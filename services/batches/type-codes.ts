import { type ChangeType, changeTypes } from '../../detectors/change-type.ts';

/** Our change type of each code of the exchange format (DOMAIN.md §5). */
const BY_CODE: Record<string, ChangeType> = {
  ...{ '20': 'built', YH: 'built', JC: 'built', LD: 'built', GEF: 'built', SJ: 'built' },
  ...{ DL1: 'road', DL2: 'road', DL3: 'road', TL: 'road', ND: 'road', GF: 'solar', DP: 'greenhouse' },
  ...{ CK: 'bare', DT: 'bare', TD: 'bare', TP: 'bare', WL: 'bare', LY: 'bare', LT: 'vegetation-loss' },
  ...{ '01': 'vegetation-gain', '02': 'vegetation-gain', '03': 'vegetation-gain', '04': 'vegetation-gain' },
  ...{ SM: 'water', KT: 'water', SK: 'water', HL: 'water', GQ: 'water', BH: 'unknown' },
};

/** @param own a profile's own codes, which go before */
export function changeTypeOf(code: string | null, own: Readonly<Record<string, string>> = {}): ChangeType {
  if (code === null) return 'unknown';
  const said = Object.hasOwn(own, code) ? own[code] : undefined;
  if (said !== undefined && Object.hasOwn(changeTypes, said)) return said as ChangeType;
  const known = code.toUpperCase();
  return Object.hasOwn(BY_CODE, known) ? BY_CODE[known] : 'unknown';
}
