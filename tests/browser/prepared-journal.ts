import { openStored } from '../../apps/storage.ts';
import { ManualClock } from '../../domain/clock.ts';
import type { EventDraft } from '../../domain/event.ts';
import { Api, eventually } from '../support/api.ts';
import { startPlimsoll } from '../support/cli.ts';

/** A desk that has run for a bar, and to which these things then happened while nobody looked. */
export async function deskWith(dataDir: string, ...happened: readonly EventDraft[]): Promise<void> {
  const server = await startPlimsoll(['--data-dir', dataDir, '--speed', '150']);
  const api = new Api(server.url);
  await eventually('a price', async () => (await api.state()).market.lastPrice ?? undefined);
  await server.end('SIGTERM');

  const clock = new ManualClock(0);
  const { ledger, close } = await openStored({ kind: 'directory', dataDir }, clock);
  const [last] = await ledger.read(ledger.head.seq - 1, 1);
  clock.advanceTo(last?.event.atMs ?? 0);
  await ledger.append(...happened);
  await close();
}
