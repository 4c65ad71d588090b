/** The database cannot be used now. The message is one sentence for the person who started us. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}
