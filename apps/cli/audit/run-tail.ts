import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import { storedRows } from '../../../ledger/audit/stored-journal.ts';
import type { Database } from '../../../ledger/database.ts';
import { chainedEvent } from '../../../ledger/journal-row.ts';
import type { EntryView } from '../../api/views.ts';
import { entryView } from '../../server/views/entry-view.ts';
import { instant } from '../../server/views/instant.ts';
import type { ApiClient } from '../client.ts';
import type { TailFlags } from '../commands/audit.ts';
import { printJson, printLine } from '../output.ts';
import { atPlace } from './place.ts';

/** The journal as it can be paged, whoever holds it. */
interface Reader {
  newest(): Promise<number>;
  /** Oldest first. */
  after(seq: number, limit: number): Promise<readonly EntryView[]>;
}

const PAGE = 500;
const FOLLOW_MS = 1_000;

export async function runTail(flags: TailFlags): Promise<void> {
  await atPlace(flags, {
    served: (server) => tail(fromServer(server), flags),
    stored: (database) => tail(fromDatabase(database), flags),
  });
}

async function tail(reader: Reader, flags: TailFlags): Promise<void> {
  const wanted = ({ type }: EntryView): boolean =>
    flags.type === undefined || type === flags.type || type.startsWith(`${flags.type}.`);
  const print = (entry: EntryView): void =>
    flags.json ? printJson(entry) : printLine(lineOf(entry));
  let last = await reader.newest();
  for (const entry of await newest(reader, last, flags.lines, wanted)) print(entry);
  if (!flags.follow) return;
  const ended = new AbortController();
  process.once('SIGINT', () => ended.abort());
  while (!ended.signal.aborted) {
    const page = await reader.after(last, PAGE);
    for (const entry of page) if (wanted(entry)) print(entry);
    last = page.at(-1)?.seq ?? last;
    if (page.length < PAGE)
      await sleep(FOLLOW_MS, undefined, { signal: ended.signal }).catch(() => {});
  }
}

/** The newest that are wanted, oldest first; reads back as far as it takes. */
async function newest(
  reader: Reader,
  upTo: number,
  lines: number,
  wanted: (entry: EntryView) => boolean,
): Promise<readonly EntryView[]> {
  let found: readonly EntryView[] = [];
  for (let end = upTo; end > 0 && found.length < lines; end -= PAGE) {
    const begin = Math.max(0, end - PAGE);
    const page = await reader.after(begin, end - begin);
    found = [...page.filter(wanted), ...found];
  }
  return found.slice(-lines);
}

const fromServer = (server: ApiClient): Reader => ({
  newest: async () => (await server.journal({ limit: 1 })).at(0)?.seq ?? 0,
  async after(seq, limit) {
    const newestSeq = (await server.journal({ limit: 1 })).at(0)?.seq ?? 0;
    const count = Math.min(limit, newestSeq - seq);
    if (count <= 0) return [];
    return (await server.journal({ limit: count, before: seq + count + 1 })).toReversed();
  },
});

function fromDatabase(database: Database): Reader {
  const rows = storedRows(database);
  return {
    async newest() {
      const { rows: heads } = await database.pool.query<{ seq: string }>(
        'SELECT max(seq) AS seq FROM journal',
      );
      return Number(heads[0]?.seq ?? 0);
    },
    after: async (seq, limit) =>
      (await rows(seq, limit)).map((row) => entryView(chainedEvent(row))),
  };
}

const lineOf = ({ seq, atMs, type, sentence }: EntryView): string =>
  `${pc.dim(String(seq).padStart(8))}  ${instant(atMs)}  ${pc.cyan(type.padEnd(TYPE_WIDTH))}  ${sentence}`;

const TYPE_WIDTH = 24;
