/** What the migrations installed to keep the journal append-only, as it must still stand today. */

export interface Guard {
  readonly table: string;
  readonly name: string;
  readonly level: 'ROW' | 'STATEMENT';
  readonly before: readonly Change[];
  /** The body of the function it calls; spaces and line ends do not matter. */
  readonly body: string;
}

export type Change = 'INSERT' | 'DELETE' | 'UPDATE' | 'TRUNCATE';

export interface GuardedTable {
  readonly name: string;
  readonly constraints: readonly string[];
  /** Columns that must never be empty. */
  readonly required: readonly string[];
}

const REFUSE_CHANGE = `
  BEGIN
    RAISE EXCEPTION 'The journal is append-only: % is refused.', TG_OP;
  END`;

const ONLY_GROWS = `
  BEGIN
    IF TG_OP = 'UPDATE' THEN
      IF NEW.epoch > OLD.epoch OR (NEW.epoch = OLD.epoch AND NEW.holder = OLD.holder) THEN
        RETURN NEW;
      END IF;
    END IF;
    RAISE EXCEPTION 'Leadership passes only to a higher epoch: this % is refused.', TG_OP;
  END`;

export const GUARDS: readonly Guard[] = [
  {
    table: 'journal',
    name: 'journal_rows_stay',
    level: 'ROW',
    before: ['DELETE', 'UPDATE'],
    body: REFUSE_CHANGE,
  },
  {
    table: 'journal',
    name: 'journal_stays',
    level: 'STATEMENT',
    before: ['TRUNCATE'],
    body: REFUSE_CHANGE,
  },
  {
    table: 'leadership',
    name: 'leadership_row_stays',
    level: 'ROW',
    before: ['DELETE', 'UPDATE'],
    body: ONLY_GROWS,
  },
  {
    table: 'leadership',
    name: 'leadership_stays',
    level: 'STATEMENT',
    before: ['TRUNCATE'],
    body: ONLY_GROWS,
  },
];

/** Constraints as the database spells them. */
export const GUARDED_TABLES: readonly GuardedTable[] = [
  {
    name: 'journal',
    constraints: [
      'PRIMARY KEY (seq)',
      'UNIQUE (prev_hash)',
      'UNIQUE (hash)',
      'CHECK ((seq > 0))',
      'CHECK (((causation_seq > 0) AND (causation_seq < seq)))',
      'CHECK ((length(prev_hash) = 64))',
      'CHECK ((length(hash) = 64))',
    ],
    required: ['seq', 'at_ms', 'type', 'correlation_id', 'body', 'prev_hash', 'hash'],
  },
  {
    name: 'journal_head',
    constraints: [
      'PRIMARY KEY (id)',
      'CHECK ((id = 1))',
      'CHECK ((seq >= 0))',
      'CHECK ((length(hash) = 64))',
    ],
    required: ['id', 'seq', 'hash'],
  },
  {
    name: 'leadership',
    constraints: ['PRIMARY KEY (id)', 'CHECK ((id = 1))', 'CHECK ((epoch >= 0))'],
    required: ['id', 'epoch', 'holder', 'renewed_at'],
  },
];
