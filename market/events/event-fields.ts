/** One event as a file writes it: text by the names of its columns. */
import { instantOf, isZone, wallTimeMs } from '../calendar/zone.ts';
import { EconomicEvent, IMPACTS } from './economic-event.ts';

export const REQUIRED_FIELDS = ['time', 'currency', 'country', 'name', 'impact'] as const;
const OPTIONAL_FIELDS = ['zone', 'forecast', 'previous', 'actual'] as const;
export const EVENT_FIELDS: readonly string[] = [...REQUIRED_FIELDS, ...OPTIONAL_FIELDS];

export type EventFields = Readonly<Record<string, string | undefined>>;

/** Reads one event, or throws a sentence that names the field and what would be right. */
export function eventOf(fields: EventFields): EconomicEvent {
  const { forecast, previous, actual } = fields;
  return new EconomicEvent(
    {
      atMs: timeOf(required(fields, 'time'), fields['zone']),
      currency: matching(fields, 'currency', /^[A-Z]{3}$/, 'three capitals such as USD'),
      country: matching(fields, 'country', /^[A-Z]{2}$/, 'two capitals such as US'),
      name: required(fields, 'name'),
      impact: impactOf(required(fields, 'impact')),
      forecast: forecast || undefined,
      previous: previous || undefined,
    },
    actual || undefined,
  );
}

function required(fields: EventFields, name: string): string {
  const value = fields[name];
  // Names are shown on terminals, which signs of control would steer.
  if (value && /\p{Cc}/u.test(value)) throw new Error(`${name} must not hold control characters`);
  if (value) return value;
  throw new Error(`${name} is missing; every event has ${REQUIRED_FIELDS.join(', ')}`);
}

function matching(fields: EventFields, name: string, pattern: RegExp, wanted: string): string {
  const value = required(fields, name);
  if (pattern.test(value)) return value;
  throw new Error(`${name} "${value}" must be ${wanted}`);
}

function impactOf(value: string): EconomicEvent['impact'] {
  const impact = IMPACTS.find((known) => known === value);
  if (impact !== undefined) return impact;
  throw new Error(`impact "${value}" must be one of ${IMPACTS.join(', ')}`);
}

const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?$/;

/** A time without a zone is nobody's: it is stated in the time itself or beside it, and not twice. */
function timeOf(value: string, zone: string | undefined): number {
  const [, date, clock, offset] = TIME.exec(value) ?? [];
  const wallMs = Date.parse(`${date}T${clock}Z`);
  // Days that do not exist, such as 30 February, are read by some engines as days of the next month.
  if (Number.isNaN(wallMs) || !new Date(wallMs).toISOString().startsWith(date ?? ''))
    throw new Error(`time "${value}" must be a time such as 2024-01-11T13:30Z`);
  if (offset !== undefined) {
    if (zone)
      throw new Error(`time "${value}" states its zone already; leave the zone ${zone} out`);
    return Date.parse(`${date}T${clock}${offset}`);
  }
  if (!zone)
    throw new Error(
      `time "${value}" states no zone; end it in Z or an offset, or name a zone such as America/New_York beside it`,
    );
  if (!isZone(zone))
    throw new Error(`zone "${zone}" is not known; a known one is America/New_York`);
  const atMs = instantOf(zone, wallMs);
  if (wallTimeMs(zone, atMs) !== wallMs)
    throw new Error(`time "${value}" is in the hour that the clocks of ${zone} skip`);
  return atMs;
}
