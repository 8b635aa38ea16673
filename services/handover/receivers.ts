import { ServiceError } from '../error.ts';
import type { DueRule } from '../lifecycle/deadline.ts';
import type { Label } from '../lifecycle/label.ts';
import data from './receivers.json' with { type: 'json' };

/** An authority that a case may be handed over to (移交). */
export interface Receiver extends Label {
  code: string;
  /** Until when its receipt should be here: by custom, where no law sets it. */
  receiptWithin: DueRule;
}

export const RECEIVER_LIST = data as readonly Receiver[];

/** @throws ServiceError bad-input naming those there are */
export function receiverNamed(code: string): Receiver {
  const found = RECEIVER_LIST.find((receiver) => receiver.code === code);
  if (found !== undefined) return found;
  const known = RECEIVER_LIST.map((receiver) => receiver.code).join(', ');
  throw new ServiceError('bad-input', `A case is handed over to one of ${known}; got '${code}'.`);
}
