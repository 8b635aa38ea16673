import { randomUUID } from 'node:crypto';
import { ServiceError } from '../error.ts';
import { endpointOf } from '../store/notify-endpoints.ts';
import type { Store } from '../store/open.ts';
import { type Attempt, type DeliverOptions, deliver } from './deliver.ts';
import type { Mail } from './mail/transport.ts';

/**
 * Sends a receiver one message that says nothing, signed like any other; it stands in no queue and is tried once.
 * @throws ServiceError not-found; bad-input where no mail server is named
 */
export async function testEndpoint(
  store: Store,
  id: string,
  options: DeliverOptions,
): Promise<Attempt & { problem?: string }> {
  const endpoint = await endpointOf(store.db, id);
  if (endpoint.kind === 'mail' && options.mail === null) {
    throw new ServiceError('bad-input', 'Mail is sent by the server that TUBAN_SMTP names; it names none.');
  }
  const timestamp = options.clock().toISOString();
  const mail: Mail = { subject: '【图斑】通知测试', text: '这是一封测试邮件，收到即表示通知可以送达。\n' };
  const body = endpoint.kind === 'mail' ? mail : { type: 'test.ping', timestamp, data: {} };
  const messageId = `test-${randomUUID()}`;
  const attempt = await deliver(
    store,
    endpoint,
    { messageId, chain: 'test', position: 0, bodyJson: JSON.stringify(body) },
    options,
  );
  return attempt.result === 'gone' ? { ...attempt, problem: 'answered 410' } : attempt;
}
