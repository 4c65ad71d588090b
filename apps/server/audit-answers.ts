/** What questions to the audit trail are answered with. */
import type { EventProof } from '../../ledger/audit/event-proof.ts';
import { RecordBroken } from '../../ledger/checkpoints/checkpointer.ts';
import { describeError } from '../../ledger/describe-error.ts';
import type { BackupResult, ExportResult, ExportRequest, VerifyView } from '../api/audit-views.ts';
import { NotProvable } from '../audit-desk.ts';
import { fromLedger } from './from-ledger.ts';
import { Conflict, Unavailable, Unprocessable } from './http/refusals.ts';

/** The stored journal, as the process that holds it can prove it. */
export interface AuditDesk {
  verify(): Promise<VerifyView>;
  prove(seq: number): Promise<EventProof>;
  /** Writes the bundle into the data directory: a request must not choose where files appear. */
  exportBundle(range: ExportRequest): Promise<ExportResult>;
  /** Writes a backup into the data directory. */
  backup(): Promise<BackupResult>;
}

export class AuditAnswers {
  readonly #desk: AuditDesk;
  #backingUp: Promise<BackupResult> | undefined;

  constructor(desk: AuditDesk) {
    this.#desk = desk;
  }

  verify(): Promise<VerifyView> {
    return fromLedger(() => this.#desk.verify());
  }

  prove(seq: number): Promise<EventProof> {
    return fromLedger(() => this.#provable(() => this.#desk.prove(seq)));
  }

  exportBundle(range: ExportRequest): Promise<ExportResult> {
    return fromLedger(() => this.#provable(() => this.#desk.exportBundle(range)));
  }

  /** Whoever asks while one is being written is given that one. */
  backup(): Promise<BackupResult> {
    this.#backingUp ??= this.#backUp().finally(() => {
      this.#backingUp = undefined;
    });
    return this.#backingUp;
  }

  async #backUp(): Promise<BackupResult> {
    try {
      return await fromLedger(() => this.#desk.backup());
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      const message = `The backup was not written: ${describeError(error)}`;
      throw new Unavailable({ code: 'BACKUP_FAILED', message });
    }
  }

  async #provable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RecordBroken)
        throw new Conflict({ code: error.finding.fault, message: error.message });
      if (!(error instanceof NotProvable)) throw error;
      throw new Unprocessable({ code: 'NOT_PROVABLE', message: error.message });
    }
  }
}
