import { ImageryError } from '../error.ts';
import { firstFile, withEnding } from './beside.ts';

const ENDINGS = ['_rpc.txt', '_RPC.TXT', '_RPC.txt', '.rpb', '.RPB', '_rpc.rpb', '_RPC.RPB', '.rpc', '.RPC'];

/**
 * Refuses an image that nothing places but rational polynomials, as the providers' level 1 products (GF-1 L1A and its
 * like): where its pixels lie depends on the height of the ground.
 * @param hasRpc the image itself carries them
 * @throws ImageryError image-unsupported
 */
export async function refuseRpcOnly(path: string, hasRpc: boolean): Promise<void> {
  const file = hasRpc ? null : await firstFile(ENDINGS.map((ending) => withEnding(path, ending)));
  if (!hasRpc && file === null) return;
  const where = file === null ? 'in itself' : `in ${file}`;
  throw new ImageryError(
    'image-unsupported',
    `${path}: cannot be read: wanted an orthorectified image, got a raw one with RPCs only (${where}); orthorectify it first, e.g. with gdalwarp -rpc and a height model.`,
  );
}
