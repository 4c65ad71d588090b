import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../domain/event.ts';
import { chain, GENESIS, linkHash, verifyLink } from './hash-chain.ts';
import { numbered, START_MS } from './testing/samples.ts';

const event = (seq: number): DomainEvent => ({ ...numbered(seq), seq, atMs: START_MS });

const hex = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const text = fc.string({ unit: 'binary', maxLength: 200 });

/** The definition once more, written the plain way. */
function byDefinition(prevHash: string, seq: number, body: string): string {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(seq));
  return createHash('sha256')
    .update('plimsoll/journal/v1\0', 'latin1')
    .update(Buffer.from(prevHash, 'hex'))
    .update(number)
    .update(body, 'utf8')
    .digest('hex');
}

describe('the hash chain', () => {
  test('hashes domain, previous hash, number and body', () => {
    fc.assert(
      fc.property(hex, fc.maxSafeNat(), text, (prevHash, seq, body) => {
        expect(linkHash(prevHash, seq, body)).toBe(byDefinition(prevHash, seq, body));
      }),
    );
  });

  test('hashes bodies larger than its buffer, and small ones after them', () => {
    for (const body of ['é'.repeat(100_000), 'x', '😀'.repeat(300_000), 'x']) {
      expect(linkHash(GENESIS.hash, 1, body)).toBe(byDefinition(GENESIS.hash, 1, body));
    }
  });

  test('links each event to the one before', () => {
    const first = chain(GENESIS, event(1));
    const second = chain(first, event(2));
    expect(second.prevHash).toBe(first.hash);
    expect(verifyLink(GENESIS, first)).toBeUndefined();
    expect(verifyLink(first, second)).toBeUndefined();
    expect(verifyLink(GENESIS, second)).toBe('PREV_LINK');
    expect(verifyLink(first, { ...second, seq: 3 })).toBe('HASH');
  });

  test('refuses an event out of its turn', () => {
    expect(() => chain(GENESIS, event(2))).toThrow('event 2 cannot follow event 0; 1 would');
  });
});
