import { ServiceError } from '../error.ts';
import { type CampaignRow, findCampaign, insertCampaign } from '../store/batch-files.ts';
import type { Store } from '../store/open.ts';

/**
 * The campaign of a name, made where it is new. Its cut-off stays what it was.
 * @throws ServiceError bad-input: a new one without a cut-off, or a known one with another
 */
export async function openCampaign(
  { db }: Store,
  name: string,
  cutOff: string | undefined,
  by: string,
  now: Date,
): Promise<CampaignRow> {
  const known = await findCampaign(db, name);
  if (known === null) {
    if (cutOff === undefined) {
      throw new ServiceError(
        'bad-input',
        `The campaign ${name} is new: wanted its cut-off date (--cut-off YYYY-MM-DD).`,
      );
    }
    await insertCampaign(db, { name, cutOff, addedAt: now.toISOString(), addedBy: by });
    return (await findCampaign(db, name))!;
  }
  if (cutOff === undefined || cutOff === known.cutOff) return known;
  throw new ServiceError('bad-input', `The campaign ${name} has the cut-off ${known.cutOff}, not ${cutOff}.`);
}
