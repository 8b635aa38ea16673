import { spawn } from 'node:child_process';
import { pythonWithGdal } from '../support/gdal-python.ts';

/** One resolution of an image as GDAL has it; pixels are in a file of raw samples, band after band. */
export interface OracleLevel {
  width: number;
  height: number;
  /** Where its samples begin; null where it has too many of them. */
  at: number | null;
  /** Where two masks begin, one after the other: 1 = GDAL read it, 2 = but wrongly; and 1 = GDAL calls it observed. */
  maskAt: number | null;
}

/** What GDAL makes of a file. */
export interface OracleVerdict {
  path: string;
  /** 'opened', 'refused', or how the process ended over it. */
  outcome: 'opened' | 'refused' | 'hung' | 'crashed';
  complaints: string[];
  /** Little-endian samples: 'uint16', 'float32', … or another of GDAL's names. */
  type: string;
  bands: number;
  /** Index of the band that is alpha, or -1. */
  alpha: number;
  nodata: (number | string | null)[];
  transform: (number | string)[] | null;
  epsg: string | null;
  levels: OracleLevel[];
}

const script = `
import signal, zlib
files, start, raw_path = json.load(open(sys.argv[1])), int(sys.argv[2]), sys.argv[3]
osr.DontUseExceptions(); gdal.DontUseExceptions()
complaints = []
gdal.PushErrorHandler(lambda kind, number, text: complaints.append('%d %s' % (kind, text[-300:])))
gdal.SetConfigOption('GDAL_DISABLE_READDIR_ON_OPEN', 'EMPTY_DIR')
gdal.SetCacheMax(32 << 20)
raw = open(raw_path, 'ab')
most = 1 << 20
def exact(number):
    if number is None or number == number and abs(number) != float('inf'): return number
    return str(number)
def one(band, w, h):
    size = gdal.GetDataTypeSize(band.DataType) // 8
    whole = band.ReadRaster(0, 0, w, h)
    data, read = np.zeros((h, w * size), 'uint8'), np.ones((h, w), 'uint8')
    if whole is not None: data = np.frombuffer(whole, 'uint8').reshape(h, w * size)
    bw, bh = band.GetBlockSize()
    if bw <= 0 or bh <= 0 or (w // bw + 1) * (h // bh + 1) > 4000: return data.tobytes(), read.ravel() * (whole is not None)
    for y in range(0, h, bh):
        for x in range(0, w, bw):
            cw, ch = min(bw, w - x), min(bh, h - y)
            if whole is None:
                block = band.ReadRaster(x, y, cw, ch)
                read[y:y + ch, x:x + cw] = block is not None
                if block is not None: data[y:y + ch, x * size:(x + cw) * size] = np.frombuffer(block, 'uint8').reshape(ch, cw * size)
            # What libdeflate makes of less than a stream holds lacks its last copies, and libtiff takes it for well done.
            if is_overlong(band, x // bw, y // bh, bw, ch if bw == w else bh): read[y:y + ch, x:x + cw] = 2
    return data.tobytes(), read.ravel()
def is_overlong(band, column, row, columns, rows):
    if ds.GetMetadataItem('COMPRESSION', 'IMAGE_STRUCTURE') != 'DEFLATE': return False
    where, size = (band.GetMetadataItem('BLOCK_%s_%d_%d' % (what, column, row), 'TIFF') for what in ('OFFSET', 'SIZE'))
    if where is None or size is None: return False
    bits = int(band.GetMetadataItem('NBITS', 'IMAGE_STRUCTURE') or gdal.GetDataTypeSize(band.DataType))
    samples = ds.RasterCount if ds.GetMetadataItem('INTERLEAVE', 'IMAGE_STRUCTURE') == 'PIXEL' else 1
    if int(where) + int(size) > os.path.getsize(path): return False
    with open(path, 'rb') as file:
        file.seek(int(where))
        stream = file.read(int(size))
    try: return len(zlib.decompressobj().decompress(stream, 16 * most)) > (columns * samples * bits + 7) // 8 * rows
    except zlib.error: return False
def level(bands):
    w, h = bands[0].XSize, bands[0].YSize
    found = {'width': w, 'height': h, 'at': None, 'maskAt': None}
    size = sum(gdal.GetDataTypeSize(band.DataType) // 8 for band in bands)
    if w * h > most or w * h * size > 8 * most: return found
    found['at'] = raw.tell()
    read, seen = np.ones(w * h, 'uint8'), np.ones(w * h, 'uint8')
    for band in bands:
        data, ok = one(band, w, h)
        raw.write(data)
        read = np.where(ok == 1, read, np.minimum(read, 1) * ok)
        mask, ok = one(band.GetMaskBand(), w, h)
        seen &= (np.frombuffer(mask, 'uint8') != 0) & (ok == 1)
    found['maskAt'] = raw.tell()
    raw.write(read.tobytes()); raw.write(seen.tobytes())
    return found
names = {gdal.GDT_Byte: 'uint8', gdal.GDT_UInt16: 'uint16', gdal.GDT_Int16: 'int16', gdal.GDT_UInt32: 'uint32',
         gdal.GDT_Int32: 'int32', gdal.GDT_Float32: 'float32', gdal.GDT_Float64: 'float64'}
for path in files[start:]:
    complaints.clear()
    print(json.dumps({'path': path}), flush=True)
    signal.alarm(10)
    verdict = {'path': path, 'outcome': 'refused', 'type': '', 'bands': 0, 'alpha': -1, 'nodata': [], 'transform': None, 'epsg': None, 'levels': []}
    ds = gdal.OpenEx(path, gdal.OF_RASTER, allowed_drivers=['GTiff', 'COG'])
    bands = [ds.GetRasterBand(i + 1) for i in range(min(ds.RasterCount, 64))] if ds is not None else []
    if len(bands) > 0:
        signed = bands[0].GetMetadataItem('PIXELTYPE', 'IMAGE_STRUCTURE') == 'SIGNEDBYTE'
        transform = ds.GetGeoTransform(can_return_null=True)
        reference = ds.GetSpatialRef()
        verdict.update({'outcome': 'opened', 'bands': ds.RasterCount,
            'type': 'int8' if signed else names.get(bands[0].DataType, gdal.GetDataTypeName(bands[0].DataType)),
            'alpha': next((i for i, b in enumerate(bands) if b.GetColorInterpretation() == gdal.GCI_AlphaBand), -1),
            'nodata': [exact(band.GetNoDataValue()) for band in bands],
            'transform': None if transform is None else [exact(value) for value in transform],
            'epsg': None if reference is None else reference.GetAuthorityCode(None)})
        verdict['levels'].append(level(bands))
        for k in range(min(bands[0].GetOverviewCount(), 8)):
            reduced = [band.GetOverview(k) for band in bands]
            if all(reduced): verdict['levels'].append(level(reduced))
    ds = None
    signal.alarm(0)
    verdict['complaints'] = complaints[:4]
    raw.flush()
    print(json.dumps(verdict), flush=True)
`;

/**
 * Asks GDAL about files, in a process of its own; one that GDAL hangs on for 10 s or crashes over is passed by.
 * @param list path of a JSON array of paths
 * @param raw file that the samples are appended to
 */
export async function askGdal(
  list: string,
  paths: readonly string[],
  raw: string,
): Promise<Map<string, OracleVerdict>> {
  const verdicts = new Map<string, OracleVerdict>();
  for (let start = 0; start < paths.length; ) {
    const { lines, signal } = await ask(list, start, raw);
    for (const line of lines) if ('outcome' in line) verdicts.set(line.path, line);
    if (verdicts.size === paths.length) break;
    const path = lines.at(-1)?.path;
    if (path === undefined || verdicts.has(path)) throw new Error(`GDAL's process ended early (${signal}).`);
    const outcome = signal === 'SIGALRM' ? 'hung' : 'crashed';
    const nothing = {
      complaints: [],
      type: '',
      bands: 0,
      alpha: -1,
      nodata: [],
      transform: null,
      epsg: null,
      levels: [],
    };
    verdicts.set(path, { path, outcome, ...nothing });
    start = verdicts.size;
  }
  return verdicts;
}

function ask(list: string, start: number, raw: string): Promise<{ lines: OracleVerdict[]; signal: string | null }> {
  const child = spawn(...pythonWithGdal(script, list, String(start), raw), { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (_, signal) => {
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      resolve({
        lines: whole
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
        signal,
      });
    });
  });
}
