import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importBatch } from '../../../services/batches/import-batch.ts';
import { matchBatch } from '../../../services/batches/match-batch.ts';
import { overruleMatch } from '../../../services/batches/overrule.ts';
import { profileNamed } from '../../../services/batches/profile.ts';
import { closeMonth } from '../../../services/cycle/close.ts';
import { issueMonth } from '../../../services/cycle/issue.ts';
import { openMonth } from '../../../services/cycle/open.ts';
import { showMonth } from '../../../services/cycle/show.ts';
import { batchRowNamed } from '../../../services/store/batch-files.ts';
import { sentGeojson } from '../../support/batch-files.ts';
import { plantPatch } from '../../support/patches.ts';
import { describeOnBothStores } from '../../support/stores.ts';

const now = new Date('2025-07-10T02:00:00Z');

describeOnBothStores('A batch that comes after its month was closed', (openFresh) => {
  it('enters the next month, or is refused where the closed one was named; the closed figures stay', async () => {
    const store = await openFresh();
    const july = { month: '2025-07', actor: 'wang', at: now };
    await plantPatch(store, { month: '2025-07' });
    await openMonth(store, july);
    await issueMonth(store, july);
    await closeMonth(store, july);
    const folder = mkdtempSync(join(tmpdir(), 'tuban-closed-'));
    try {
      const path = join(folder, 'sent.geojson');
      writeFileSync(path, sentGeojson([{ JCBH: 'a', lon: 112.5, lat: 26.9 }]));
      const request = { path, profile: await profileNamed('exchange'), by: '张三', now };
      await expect(importBatch(store, { ...request, month: '2025-07' })).rejects.toThrow(
        'Month 2025-07 is closed; the new patches of a batch enter a month that is not.',
      );
      const { batch } = await importBatch(store, request);
      expect(batch.month).toBe('2025-08');
      await matchBatch(store, batch, now);
      const shown = await showMonth(store, '2025-07', now);
      expect(shown.now).toEqual(shown.reported?.figures);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('that was open when it came in and closed before it was matched, or overruled, enters the next', async () => {
    const store = await openFresh();
    const july = { month: '2025-07', actor: 'wang', at: now };
    await plantPatch(store, { month: '2025-07' });
    await openMonth(store, july);
    const folder = mkdtempSync(join(tmpdir(), 'tuban-closed-'));
    try {
      const path = join(folder, 'sent.geojson');
      writeFileSync(
        path,
        sentGeojson([
          { JCBH: 'a', lon: 112.9, lat: 26.9 },
          { JCBH: 'b', lon: 112.9, lat: 26.9 },
        ]),
      );
      const { batch } = await importBatch(store, { path, profile: await profileNamed('exchange'), by: '张三', now });
      expect(batch.month).toBe('2025-07');
      await issueMonth(store, july);
      await closeMonth(store, july);
      expect((await matchBatch(store, batch, now)).linked).toMatchObject({ new: 1, same: 1 });
      const row = await batchRowNamed(store.db, batch.id, 'b');
      const said = { to: 'new', by: '张三', reason: '两处', now };
      const first = await overruleMatch(store, batch, row, said);
      expect((await overruleMatch(store, batch, row, said)).patchId).toBe(first.patchId);
      const months = await store.db.selectFrom('patches').select('month').orderBy('month').execute();
      expect(months.map(({ month }) => month)).toEqual(['2025-07', '2025-08', '2025-08']);
      const shown = await showMonth(store, '2025-07', now);
      expect(shown.now).toEqual(shown.reported?.figures);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
