import type { JournalRow } from '../../ledger/journal-row.ts';
import type { Leadership, TakenOver } from '../../ledger/leadership.ts';
import type { LedgerRows } from '../../ledger/ledger.ts';
import type { ReadRows, Store, StoreWork } from '../../ledger/store.ts';
import type { Gate } from './gate.ts';
import type { Disk } from './disk.ts';

/** The durable store as one process reaches it: through its gate, on a disk that may fail. */
export class GatedStore implements Store {
  readonly rows: ReadRows;
  readonly #disk: Disk;
  readonly #gate: Gate;

  constructor(disk: Disk, gate: Gate) {
    this.#disk = disk;
    this.#gate = gate;
    this.rows = gated(disk.store.rows, 'a row', gate);
  }

  takeLeadership(holder: string): Promise<TakenOver> {
    return this.#gate.pass('taking over', () => this.#disk.lead(holder));
  }

  transaction<T>(as: Leadership, work: StoreWork<T>): Promise<T> {
    return this.#gate.pass('a commit', () =>
      this.#disk.commit(as, (rows) => work(gated<LedgerRows>(rows, 'a row', this.#gate))),
    );
  }

  keep(as: Leadership, events: readonly JournalRow[]): Promise<void> {
    return this.transaction(as, async () => ({ value: undefined, events }));
  }

  read(afterSeq: number, limit: number): Promise<readonly JournalRow[]> {
    return this.#gate.pass('reading', () => this.#disk.store.read(afterSeq, limit));
  }

  readCorrelated(correlationId: string): Promise<readonly JournalRow[]> {
    return this.#gate.pass('reading', () => this.#disk.store.readCorrelated(correlationId));
  }
}

/** The same object, each of its methods behind the gate. */
const gated = <T extends object>(target: T, what: string, gate: Gate): T =>
  new Proxy(target, {
    get:
      (held, name) =>
      (...given: readonly unknown[]): Promise<unknown> =>
        gate.pass(`${what} (${String(name)})`, async () => {
          const method: unknown = Reflect.get(held, name);
          if (typeof method !== 'function') throw new Error(`${String(name)} is no method`);
          return Reflect.apply(method, held, given);
        }),
  });
