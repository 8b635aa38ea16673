import { step, type Transition, who } from './transition-row.ts';

/**
 * Extensions, the same for patches and cases: asked for by the handler and answered by the reviewer, or
 * granted by the reviewer on their own (which answers too). How often and how far: deadline-rules.ts.
 */
export function extensionSteps(open: readonly string[]): Transition[] {
  const [handler, reviewer] = [who('county', 'handler'), who('city', 'reviewer')];
  return [
    step('request-extension', ['申请延期', 'Ask for an extension'], open, null, {
      due: 'keep',
      who: handler,
      needs: ['reason', 'extension'],
      reasons: 'extension',
      paused: false,
      requested: false,
      extensible: true,
    }),
    step('approve-extension', ['同意延期申请', 'Approve the extension'], open, null, {
      due: 'extend',
      who: reviewer,
      paused: false,
      requested: true,
      extensible: true,
    }),
    step('refuse-extension', ['不同意延期', 'Refuse the extension'], open, null, {
      due: 'keep',
      who: reviewer,
      needs: ['reason'],
      reasons: 'extension-refusal',
      requested: true,
    }),
    step('extend', ['批准延期', 'Extend'], open, null, {
      due: 'extend',
      who: reviewer,
      needs: ['extension', 'note'],
      paused: false,
      extensible: true,
    }),
  ];
}
