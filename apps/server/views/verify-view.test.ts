import { expect, test } from 'vitest';
import { money } from '../../../domain/units.ts';
import type { AuditReport } from '../../../ledger/audit/audit.ts';
import { finding } from '../../../ledger/audit/finding.ts';
import { verifyView } from './verify-view.ts';

const INTACT: AuditReport = {
  ok: true,
  events: 12_345,
  headHash: 'ab',
  checkpoints: 7,
  lastCheckpoint: { origin: 'o', size: 12_000, root: '', headHash: '', commits: 1, atMs: 5 },
  comparedAtSeq: 10_000,
  trialBalance: [{ currency: 'USD', account: 'FEES', balance: money('0.10') }],
  findings: [],
};

test('a journal that holds is said to hold, with what vouches for it', () => {
  const view = verifyView(INTACT);
  expect(view).toMatchObject({
    ok: true,
    brokenAtSeq: null,
    lastCheckpoint: { size: 12_000, atMs: 5 },
    comparedAtSeq: 10_000,
    balances: [{ currency: 'USD', account: 'FEES', balance: '0.1' }],
  });
  expect(view.sentence).toMatch(/^12,345 events.*7 signed checkpoints/);
});

test('a journal that nothing vouches for is not said to be signed', () => {
  const bare = { ...INTACT, checkpoints: 0, lastCheckpoint: undefined, comparedAtSeq: undefined };
  expect(verifyView(bare)).toMatchObject({ lastCheckpoint: null, comparedAtSeq: null });
  expect(verifyView(bare).sentence).not.toContain('agree');
});

test('a journal that does not hold is named by what is wrong first, and all of it is listed', () => {
  const findings = [
    finding('GUARD_DOWN', null, 'A trigger is gone.'),
    finding('HASH', 3, 'Event 3.'),
  ];
  const view = verifyView({ ...INTACT, ok: false, findings });
  expect(view).toMatchObject({ ok: false, brokenAtSeq: null, sentence: 'A trigger is gone.' });
  expect(view.findings).toEqual(findings);
});
