/** Checks 4 and 5: entries since midnight UTC, and in the last sixty minutes. */
import type { Command } from '../command.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { RiskSnapshot } from '../snapshot.ts';

export const checkEntriesPerDay = (
  _: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean =>
  findings.below(
    'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
    snapshot.entriesToday,
    LIMITS.entriesPerDayMax,
    'entries',
  );

export const checkEntriesPerHour = (
  _: Command,
  snapshot: RiskSnapshot,
  findings: Findings,
): boolean =>
  findings.below(
    'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
    snapshot.entriesLastHour,
    LIMITS.entriesPerHourMax,
    'entries',
  );
