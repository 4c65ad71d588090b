/**
 * The chain: `hash = SHA-256("plimsoll/journal/v1" 00 ‖ prevHash ‖ seq ‖ body)`, where `prevHash` is 32
 * raw bytes, `seq` an unsigned 64-bit big-endian number and `body` the UTF-8 of the event's RFC 8785
 * text. The domain tag keeps these hashes from meaning anything elsewhere; `seq` inside the hash keeps
 * an event from being moved.
 */
import { hash } from 'node:crypto';
import type { DomainEvent } from '../domain/event.ts';
import type { JournalRow } from './journal-row.ts';
import type { Head } from './ledger.ts';
import { eventToText } from './schema/event-text.ts';

/** The head of an empty journal. */
export const GENESIS: Head = Object.freeze({ seq: 0, hash: '0'.repeat(64) });

const DOMAIN = Buffer.from('plimsoll/journal/v1\0', 'latin1');
const PREV_AT = DOMAIN.length;
const SEQ_AT = PREV_AT + 32;
const BODY_AT = SEQ_AT + 8;
const TWO_TO_32 = 0x1_0000_0000;

// One buffer serves every link: hashing is synchronous, and allocating each time costs a third more.
let scratch = withDomain(16_384);

/** The row that follows `head`. The event must carry the next sequence number. */
export function chain(head: Head, event: DomainEvent): JournalRow {
  if (event.seq !== head.seq + 1) {
    throw new Error(`event ${event.seq} cannot follow event ${head.seq}; ${head.seq + 1} would`);
  }
  const body = eventToText(event);
  return {
    seq: event.seq,
    atMs: event.atMs,
    type: event.type,
    correlationId: event.correlationId,
    causationSeq: event.causationSeq,
    body,
    prevHash: head.hash,
    hash: linkHash(head.hash, event.seq, body),
  };
}

/** Lower-case hex. `prevHash` must be 64 hex digits and `seq` a safe, positive integer. */
export function linkHash(prevHash: string, seq: number, body: string): string {
  const roomNeeded = BODY_AT + body.length * 3;
  if (scratch.length < roomNeeded) scratch = withDomain(roomNeeded * 2);
  scratch.write(prevHash, PREV_AT, 32, 'hex');
  scratch.writeUInt32BE(Math.floor(seq / TWO_TO_32), SEQ_AT);
  scratch.writeUInt32BE(seq % TWO_TO_32, SEQ_AT + 4);
  const end = BODY_AT + scratch.write(body, BODY_AT, 'utf8');
  return hash('sha256', scratch.subarray(0, end), 'hex');
}

/** Which of a row's two links does not hold after `head`, or undefined when both do. */
export function verifyLink(
  head: Head,
  row: Pick<JournalRow, 'seq' | 'body' | 'prevHash' | 'hash'>,
): 'PREV_LINK' | 'HASH' | undefined {
  if (row.prevHash !== head.hash) return 'PREV_LINK';
  return linkHash(head.hash, row.seq, row.body) === row.hash ? undefined : 'HASH';
}

function withDomain(size: number): Buffer {
  const buffer = Buffer.alloc(size);
  DOMAIN.copy(buffer);
  return buffer;
}
