/** A snapshot as it is kept. It proves nothing: a signed checkpoint vouches for its hash. */
export interface StoredSnapshot {
  /** The last event that is in it. */
  readonly seq: number;
  /** What it was made by and for; another's is of no use. */
  readonly fingerprint: string;
  /** SHA-256 of the fingerprint, a newline and `state`, lower-case hex. */
  readonly hash: string;
  /** Canonical text of every fold, by name. */
  readonly state: string;
}

export interface SnapshotStore {
  keep(snapshot: StoredSnapshot): Promise<void>;
  /** Newest first, without their state, which is large. */
  list(): Promise<readonly Omit<StoredSnapshot, 'state'>[]>;
  state(seq: number): Promise<string | undefined>;
  /** Forgets all but the newest `keep`. */
  prune(keep: number): Promise<void>;
}
