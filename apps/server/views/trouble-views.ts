/** What a person should look at beside the trading state: alarms, halted instruments, foreign orders, bad days. */
import type { EventOf } from '../../../domain/event.ts';
import { REASONS } from '../../../domain/reason-code.ts';
import type { ReadonlyBook } from '../../../ledger/projections/readonly-book.ts';
import { FAULT_PROFILES, type FaultProfileName } from '../../../simulation/fault-profiles.ts';
import type {
  AlarmView,
  ExternalOrderView,
  HaltedInstrumentView,
  RehearsalView,
} from '../../api/views.ts';

export const alarmView = ({ seq, atMs, body }: EventOf<'alarm.raised'>): AlarmView => ({
  seq,
  atMs,
  ...body,
  sentence: REASONS[body.code],
});

export const haltedInstrumentViews = ({ halted }: ReadonlyBook): readonly HaltedInstrumentView[] =>
  [...halted].map(([instrumentId, { code, because }]) => ({
    instrumentId,
    code,
    sentence: REASONS[code],
    because,
  }));

export const externalOrderViews = ({ external }: ReadonlyBook): readonly ExternalOrderView[] => [
  ...external.values(),
];

/** Null on a calm day. */
export const rehearsalView = (name: FaultProfileName): RehearsalView | null =>
  name === 'calm' ? null : { name, says: FAULT_PROFILES[name].says };
