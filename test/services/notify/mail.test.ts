import { afterEach, expect, it } from 'vitest';
import { addDigests } from '../../../services/notify/digests.ts';
import { addMail, addWebhook } from '../../../services/notify/endpoints.ts';
import { addNotices } from '../../../services/notify/notices.ts';
import { sendDue } from '../../../services/notify/send.ts';
import { testEndpoint } from '../../../services/notify/test-message.ts';
import { listDeliveries } from '../../../services/store/notify-deliveries.ts';
import type { Store } from '../../../services/store/open.ts';
import { plantPatch, plantZone } from '../../support/patches.ts';
import { takeSteps } from '../../support/steps.ts';
import { describeOnBothStores } from '../../support/stores.ts';
import { MailServer } from './mail-server.ts';
import { Receiver } from './receiver.ts';

const at = (local: string) => new Date(`${local}+08:00`);
let server: MailServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function mailed(options?: { starttls?: boolean }): Promise<{ url: string; from: string }> {
  server = new MailServer(options);
  return { url: await server.start(), from: 'tuban@office.example' };
}

/** Two patches of Hengyang county, warned on Tuesday 2025-07-01 and so due on Friday, and one of another county. */
async function plant(store: Store): Promise<string> {
  await plantZone(store, 'districts', '430421', '衡阳县');
  const id = await plantPatch(store, { foundAt: at('2025-06-30T09:00') });
  const other = await plantPatch(store, { foundAt: at('2025-06-30T09:00') });
  await plantPatch(store, { district: '330482', foundAt: at('2025-06-30T09:00') });
  for (const patch of [id, other]) await takeSteps(store, patch, 'warn', { at: at('2025-07-01T10:00') });
  return id;
}

const person = { address: 'zhang@county.example', district: '430421', digest: 'daily' as const, notices: true };

describeOnBothStores('mail', (openFresh) => {
  it('brings the digest of a district, encrypted, its Chinese read right, once a day', async () => {
    const store = await openFresh();
    await plant(store);
    const mail = await mailed();
    await addMail(store, { ...person, notices: false }, at('2025-07-01T07:00'));
    const pass = async (now: Date) => {
      await addDigests(store, now, now);
      return sendDue(store, { clock: () => now, mail });
    };
    expect(await pass(at('2025-07-01T07:59'))).toMatchObject({ delivered: 0 });
    expect(await pass(at('2025-07-01T10:30'))).toMatchObject({ delivered: 1 });
    expect(await pass(at('2025-07-01T11:00'))).toMatchObject({ delivered: 0 });
    expect(server!.mails[0]).toMatchObject({ secure: true, to: ['zhang@county.example'] });
    const { from, to, subject, text } = server!.read(0);
    expect({ from, to }).toEqual({ from: 'tuban@office.example', to: 'zhang@county.example' });
    expect(subject).toBe('【图斑日报】衡阳县（430421） 2025-07-01：在办 2、本周到期 2、超期 0、新增 2');
    expect(text).toContain('衡阳县（430421）图斑日报　2025年7月1日');
    expect(text).toContain('衡阳县（430421）：已预警 2');
    expect(text).toContain('图斑 4304212025060001　已预警');
    expect(text).toContain('  4304212025060001　TD　1.20 亩');
    expect(text).not.toContain('330482');
    // The next day: none is new, and on Monday both are late.
    await pass(at('2025-07-02T08:00'));
    expect(server!.read(1).subject).toContain('在办 2、本周到期 2、超期 0、新增 0');
    await pass(at('2025-07-07T09:00'));
    expect(server!.read(2).subject).toContain('在办 2、本周到期 0、超期 2、新增 0');
  });

  it('brings a weekly digest from Monday on, also when the first pass of the week is later', async () => {
    const store = await openFresh();
    await plant(store);
    await addMail(store, { ...person, digest: 'weekly', district: '' }, at('2025-07-01T07:00'));
    const digests = async () =>
      (await listDeliveries(store.db, { limit: 9 })).map(({ bodyJson }) => JSON.parse(bodyJson!).subject as string);
    for (const now of ['2025-07-07T07:00', '2025-07-09T09:00', '2025-07-10T09:00', '2025-07-28T08:00']) {
      await addDigests(store, at(now), at(now));
      if (now.startsWith('2025-07-10')) await plantPatch(store, { foundAt: at('2025-07-15T10:00') });
    }
    expect(await digests()).toEqual([
      // Nobody sent the two weeks between: what was new in them is told now.
      '【图斑周报】全部地区 2025-07-28：在办 4、本周到期 0、超期 4、新增 1',
      '【图斑周报】全部地区 2025-07-09：在办 3、本周到期 0、超期 3、新增 3',
    ]);
  });

  it('tells of each grade of lateness once, all that is new in one mail, and a webhook of each', async () => {
    const store = await openFresh();
    const receiver = new Receiver();
    const url = await receiver.start();
    const id = await plant(store);
    const mail = await mailed();
    const types = ['patch.due-soon', 'patch.overdue', 'patch.supervise', 'patch.interview'];
    const reach = { allowHttp: true, allowPrivate: true };
    await addWebhook(store, { url, district: '4304', types, ...reach }, at('2025-07-01T11:00'));
    await addMail(store, { ...person, digest: 'none' }, at('2025-07-01T11:00'));
    const days = ['2025-07-01T12:00', '2025-07-04T09:00', '2025-07-04T12:00', '2025-07-07T09:00', '2025-08-01T09:00'];
    for (const day of days) {
      // Twice at once, as two senders do it.
      await Promise.all([1, 2].map(() => addNotices(store, at(day), at(day))));
      await sendDue(store, { clock: () => at(day), mail });
    }
    const grades = receiver.arrivals.filter(({ message }) => message.data.id === id).map(({ message }) => message.type);
    expect(grades).toEqual(['patch.due-soon', 'patch.overdue', 'patch.interview']);
    expect(receiver.arrivals).toHaveLength(6);
    const { dueAt } = await store.db
      .selectFrom('patches')
      .select('dueAt')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(receiver.arrivals[0].message.data).toEqual({
      subject: 'patch',
      id: expect.any(String),
      number: expect.stringMatching(/^430421202506000[12]$/),
      district: '430421',
      state: 'warned',
      grade: 'due-soon',
      dueAt,
      links: { patch: expect.any(String) },
    });
    const subjects = server!.mails.map((_, index) => server!.read(index).subject);
    expect(subjects).toEqual([
      '【图斑期限提醒】衡阳县（430421）：即将到期 2 项',
      '【图斑期限提醒】衡阳县（430421）：已超期 2 项',
      '【图斑期限提醒】衡阳县（430421）：应约谈 2 项',
    ]);
    expect(server!.read(1).text).toContain('图斑 4304212025060001　已预警　');
    await receiver.stop();
  });

  it('is not lost while the server refuses it, and comes with the Message-ID it had, each once', async () => {
    const store = await openFresh();
    await plant(store);
    const mail = await mailed();
    const ids = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        addMail(store, { ...person, address: `${name}@county.example` }, at('2025-07-01T07:00')),
      ),
    );
    await addDigests(store, at('2025-07-01T09:00'), at('2025-07-01T09:00'));
    const refusals = [
      { at: 'greeting', code: 421 },
      { at: 'data', code: 451 },
      { at: 'data', code: 554 },
      null,
    ] as const;
    let now = at('2025-07-01T09:00').getTime();
    for (const refusal of refusals) {
      server!.refusal = refusal;
      const summary = await sendDue(store, { clock: () => new Date(now), mail });
      expect(summary).toMatchObject(refusal === null ? { delivered: 3 } : { delivered: 0, failed: 3, dead: 0 });
      now += 3_600_000;
    }
    expect(server!.mails.map((_, index) => server!.read(index).messageId).sort()).toEqual(
      ids.map(({ id }) => `<digest-${id}-2025-07-01@office.example>`).sort(),
    );
  });

  it('is not sent in the clear, nor to a server that is not trusted, nor where none is named; it waits', async () => {
    const store = await openFresh();
    await plant(store);
    const mail = await mailed({ starttls: false });
    const { id } = await addMail(store, person, at('2025-07-01T07:00'));
    const now = at('2025-07-01T09:00');
    await addDigests(store, now, now);
    expect(await sendDue(store, { clock: () => now, mail: null })).toMatchObject({ withoutMail: 1, failed: 0 });
    expect(await sendDue(store, { clock: () => now, mail })).toMatchObject({ delivered: 0, failed: 1 });
    const [{ problem }] = await listDeliveries(store.db, { limit: 1 });
    expect(problem).toMatch(/STARTTLS/);
    expect(problem).not.toContain('p:w d');
    expect(server!.mails).toEqual([]);
    await expect(testEndpoint(store, id, { clock: () => now, mail: null })).rejects.toThrow('TUBAN_SMTP');
    const elsewhere = { ...mail, url: mail.url.replace('127.0.0.1', 'localhost') };
    expect(await testEndpoint(store, id, { clock: () => now, mail: elsewhere })).toMatchObject({ result: 'failed' });
  });
});
