import { RecordBroken } from '../../ledger/checkpoints/checkpointer.ts';

/** What a command ends with. */
export const EXIT = { OK: 0, FAILED: 1, BAD_INPUT: 2, INTEGRITY: 3 } as const;

/** Something the user typed or gave cannot be used; the message says what would be right. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** The record does not hold. */
export class IntegrityBroken extends Error {
  override readonly name = 'IntegrityBroken';
}

/** Runs something that reads what the user gave: whatever it throws is bad input. */
export function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof BadInput) return EXIT.BAD_INPUT;
  const broken = error instanceof IntegrityBroken || error instanceof RecordBroken;
  return broken ? EXIT.INTEGRITY : EXIT.FAILED;
};
