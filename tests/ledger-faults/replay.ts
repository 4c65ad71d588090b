import type { ApprovalView } from '../../apps/api/views.ts';
import { type Api, eventually } from '../support/api.ts';
import { writeCandles } from '../support/candles.ts';

/** Stands still while its first proposal waits for a person. */
export const replayOf = async (folder: string): Promise<readonly string[]> => [
  '--replay',
  await writeCandles(folder, 700),
  '--bars-per-second',
  '200',
];

export const proposalOf = (api: Api): Promise<ApprovalView> =>
  eventually('a proposal', async () => (await api.approvals())[0]);
