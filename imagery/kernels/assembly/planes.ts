/** A decoded chunk's pixel-interleaved samples to one plane per band. */
import { accumulate, accumulateRest, pick, separate2, separate3, separate4 } from './rows';

/**
 * Separates a chunk of `chunkWidth` pixels a row into bands and undoes predictor 2 where `isDifferenced`.
 * @param planes addresses (u32) of where each band's first sample goes; their rows lie `rowBytes` apart
 * @param width pixels of each row that are wanted, at most chunkWidth; nothing is written beyond them
 */
// @ts-ignore: decorator
@inline
function separate<T>(
  from: usize, samples: i32, isDifferenced: bool, chunkWidth: i32,
  planes: usize, rowBytes: usize, width: i32, rows: i32,
): void {
  const chunkRow = <usize>(chunkWidth * samples) * sizeof<T>();
  for (let y = 0; y < rows; y++, from += chunkRow) {
    const down = <usize>y * rowBytes;
    let x = 0;
    let isSummed = false;
    if (samples === 1) {
      memory.copy(load<usize>(planes) + down, from, <usize>width * sizeof<T>());
      x = width;
    } else if (samples === 2) {
      x = separate2<T>(from, load<usize>(planes) + down, load<usize>(planes, 4) + down, width);
    } else if (samples === 3 && sizeof<T>() < 8) {
      x = separate3<T>(
        from, load<usize>(planes) + down, load<usize>(planes, 4) + down, load<usize>(planes, 8) + down, width,
      );
    } else if (samples === 4 && sizeof<T>() < 8) {
      x = separate4<T>(
        from, load<usize>(planes) + down, load<usize>(planes, 4) + down, load<usize>(planes, 8) + down,
        load<usize>(planes, 12) + down, width, isDifferenced,
      );
      isSummed = true;
    }
    for (let band = 0; band < samples; band++) {
      const to = load<usize>(planes + (<usize>band << 2)) + down;
      pick<T>(from, to, samples, band, x, width);
      if (!isDifferenced) continue;
      if (isSummed) accumulateRest<T>(to, x, width);
      else accumulate<T>(to, width);
    }
  }
}

export function separate8(
  from: usize, samples: i32, isDifferenced: bool, chunkWidth: i32,
  planes: usize, rowBytes: usize, width: i32, rows: i32,
): void {
  separate<u8>(from, samples, isDifferenced, chunkWidth, planes, rowBytes, width, rows);
}

export function separate16(
  from: usize, samples: i32, isDifferenced: bool, chunkWidth: i32,
  planes: usize, rowBytes: usize, width: i32, rows: i32,
): void {
  separate<u16>(from, samples, isDifferenced, chunkWidth, planes, rowBytes, width, rows);
}

export function separate32(
  from: usize, samples: i32, isDifferenced: bool, chunkWidth: i32,
  planes: usize, rowBytes: usize, width: i32, rows: i32,
): void {
  separate<u32>(from, samples, isDifferenced, chunkWidth, planes, rowBytes, width, rows);
}

export function separate64(
  from: usize, samples: i32, isDifferenced: bool, chunkWidth: i32,
  planes: usize, rowBytes: usize, width: i32, rows: i32,
): void {
  separate<u64>(from, samples, isDifferenced, chunkWidth, planes, rowBytes, width, rows);
}
