import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type SuppliedMaskKind, suppliedMaskKinds } from '../../imagery/masks/supplied-mask.ts';
import { isRemotePath } from '../../imagery/remote/location.ts';
import type { BandRole } from '../../imagery/scene.ts';
import type { FactsSaid } from '../../services/scenes/scene-facts.ts';
import { bandList, crsName, dateName } from './options.ts';

/** What the options say of images. */
export interface FactOptions {
  date?: string;
  sensor?: string;
  bands?: BandRole[];
  crs?: string;
  scale?: number;
  offset?: number;
  nodata?: number;
  saturation?: number | 'none';
  licence?: string;
  cloud?: number;
  mask?: string;
  maskKind?: SuppliedMaskKind;
}

/** Options that win over the file, its name, what lies beside it and the sensor's preset. */
export function factOptions(command: Command): Command {
  return command
    .option('--sensor <name>', 'sensor, such as GF-2 or Sentinel-2 (`tuban scenes sensors` lists those known)')
    .option('--bands <roles>', 'what each band shows, such as B,G,R,N', bandList)
    .option('--crs <epsg>', 'CRS of images that name none', crsName)
    .option('--scale <factor>', 'reflectance = number × scale + offset', anyNumber)
    .option('--offset <value>', 'see --scale', anyNumber)
    .option('--nodata <value>', 'number that means: not observed', anyNumber)
    .option('--saturation <value>', "from this number on a band is overexposed; 'none' where it never is", numberOrNone)
    .option('--licence <text>', 'who may use the images');
}

/** Those that only make sense for images of one moment. */
export function momentOptions(command: Command): Command {
  return factOptions(command.option('--date <date>', 'local acquisition date, YYYY-MM-DD', dateName))
    .option('--cloud <share>', 'share under cloud, 0 to 1', shareNumber)
    .option('--mask <file>', 'mask that comes with the image: its cloud, shadow and nodata')
    .addOption(new Option('--mask-kind <kind>', 'what the mask is read as').choices(suppliedMaskKinds));
}

export function factsOfOptions(options: FactOptions): FactsSaid {
  const { date, sensor, bands, crs, scale, offset, nodata, saturation, licence, cloud, mask, maskKind } = options;
  const maskPath = mask === undefined || isRemotePath(mask) ? mask : resolve(mask);
  return {
    ...(date && { date }),
    ...(sensor && { sensor }),
    ...(bands && { bands }),
    ...(crs && { crs }),
    ...((scale !== undefined || offset !== undefined) && { reflectance: { scale: scale ?? 1, offset: offset ?? 0 } }),
    ...(nodata !== undefined && { nodata }),
    ...(saturation !== undefined && { saturation: saturation === 'none' ? null : saturation }),
    ...(licence && { licence }),
    ...(cloud !== undefined && { cloudFraction: cloud }),
    ...(maskPath && { mask: { path: maskPath, ...(maskKind && { kind: maskKind }) } }),
  };
}

function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Wanted a number, got '${text}'.`);
}

/** Not null: commander takes that for no answer. */
function numberOrNone(text: string): number | 'none' {
  return text === 'none' ? text : anyNumber(text);
}

function shareNumber(text: string): number {
  const value = anyNumber(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`Wanted a share from 0 to 1, got '${text}'.`);
}
