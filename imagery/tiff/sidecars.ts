import { ImageryError } from '../error.ts';
import { openTiffFile, type TiffFile } from './file.ts';
import type { DirectoryChain, ImageDirectory, SidecarChains } from './overview.ts';

/**
 * The TIFFs GDAL keeps beside a TIFF: overviews in 'x.tif.ovr', the mask in 'x.tif.msk', the mask's overviews in
 * 'x.tif.msk.ovr'. Only beside a file on disk: over HTTP every one of them would be a request in vain.
 * @param chain reads the directories of an open file
 * @throws ImageryError where one is there but damaged
 */
export async function openSidecars<D extends ImageDirectory>(
  path: string,
  chain: (file: TiffFile) => Promise<DirectoryChain<D>>,
): Promise<SidecarChains<D>> {
  const sidecars: SidecarChains<D> = { overviews: [], masks: [] };
  if (/^\w+:\/\//.test(path)) return sidecars;
  try {
    await add(sidecars.overviews, `${path}.ovr`, chain);
    await add(sidecars.masks, `${path}.msk`, chain);
    if (sidecars.masks.length > 0) await add(sidecars.masks, `${path}.msk.ovr`, chain);
    return sidecars;
  } catch (error) {
    await closeSidecars(sidecars);
    throw error;
  }
}

export async function closeSidecars({ overviews, masks }: SidecarChains): Promise<void> {
  for (const { file } of [...overviews, ...masks]) await file.close();
}

async function add<D extends ImageDirectory>(
  chains: DirectoryChain<D>[],
  path: string,
  chain: (file: TiffFile) => Promise<DirectoryChain<D>>,
): Promise<void> {
  const file = await openTiffFile(path).catch((error) => {
    if (error instanceof ImageryError && error.code === 'file-missing') return null;
    throw error;
  });
  if (file === null) return;
  try {
    chains.push(await chain(file));
  } catch (error) {
    await file.close();
    throw error;
  }
}
