/** Checks 4 and 5: how often. Entries since midnight UTC; then everything that a loop would do. */
import { addsPlanned } from '../../domain/entry-order.ts';
import type { Findings } from '../findings.ts';
import type { Question } from '../question.ts';

export const checkEntriesPerDay = ({ traffic, limits }: Question, findings: Findings): boolean =>
  findings.below(
    'ENTRIES_PER_DAY_EXCEED_MAXIMUM',
    traffic.today,
    limits.entriesPerDayMax,
    'entries',
  );

export function checkEntriesPerHour(question: Question, findings: Findings): boolean {
  const { order, snapshot, traffic, limits } = question;
  return (
    findings.below(
      'ENTRIES_PER_HOUR_EXCEED_MAXIMUM',
      traffic.lastHour,
      limits.entriesPerHourMax,
      'entries',
    ) &&
    findings.below(
      'REPEATED_EXECUTION',
      traffic.identical,
      limits.identicalEntriesPerHourMax,
      'entries',
    ) &&
    findings.below(
      'MESSAGE_RATE_EXCEEDS_MAXIMUM',
      snapshot.messagesLastMinute,
      limits.messagesPerMinuteMax,
      'messages',
    ) &&
    findings.below(
      'OPEN_ORDERS_EXCEED_MAXIMUM',
      snapshot.holds.length + snapshot.exits.length + addsPlanned(order),
      limits.openOrdersMax,
      'orders',
    )
  );
}
