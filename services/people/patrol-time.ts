const DAY_MS = 86_400_000;

/** When a patrol was, UTC ISO text. */
export interface PatrolSpan {
  fromAt: string;
  toAt: string;
}

/**
 * A moment or a day as records have it: 2025-06-05T10:00+08:00, 2025-06-05 10:00, 2025/6/5 10:00:30, 2025年6月5日.
 * Without an offset it is Chinese time; a day is all of it. Null where it is neither.
 */
export function spanOf(from: string, to = ''): PatrolSpan | null {
  const [first, last] = [momentOf(from), to.trim() === '' ? momentOf(from) : momentOf(to)];
  if (first === null || last === null) return null;
  const fromAt = first.at.toISOString();
  const toAt = new Date(last.at.getTime() + (last.isDay ? DAY_MS - 1 : 0)).toISOString();
  return toAt < fromAt ? null : { fromAt, toAt };
}

function momentOf(text: string): { at: Date; isDay: boolean } | null {
  const parts =
    /^(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(
      text.trim(),
    );
  if (parts === null) return null;
  const [, year, month, day, hour, minute = '00', second = '00', offset = '+08:00'] = parts;
  const two = (number: string) => number.padStart(2, '0');
  const date = `${year}-${two(month)}-${two(day)}`;
  const real = new Date(`${date}T00:00:00Z`);
  // A 31st of June is taken for the first of July.
  if (Number.isNaN(real.getTime()) || !real.toISOString().startsWith(date)) return null;
  const zone = offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const at = new Date(`${date}T${two(hour ?? '00')}:${minute}:${second}${zone}`);
  return Number.isNaN(at.getTime()) ? null : { at, isDay: hour === undefined };
}
