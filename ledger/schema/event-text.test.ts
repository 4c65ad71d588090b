import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { DomainEvent, EventOf, EventType } from '../../domain/event.ts';
import { BTC } from '../../domain/testing/samples.ts';
import { text } from '../../domain/units.ts';
import { GENESIS, linkHash } from '../hash-chain.ts';
import { Book } from '../projections/book.ts';
import { Decisions } from '../projections/decisions.ts';
import { barClosed } from '../testing/samples.ts';
import { EVENT_TYPES, eventFromText, eventToText, UnreadableEvent } from './event-text.ts';
import { versionOf } from './upcasts.ts';

/** Of the file, by another program than this one. */
const HEAD = '6dafd9cfcf71091923bc96c0c61d3a17bfe3bad632c97db7dd0d87e7ef1ad537';
const CASH = '9392.631033763837';

const bar: DomainEvent = { ...barClosed(1), seq: 7, atMs: 1 };
const moved: EventOf<'trading.state-changed'> = {
  type: 'trading.state-changed',
  actor: { kind: 'SYSTEM', name: 'test' },
  correlationId: 'trading-state',
  causationSeq: null,
  seq: 8,
  atMs: 1,
  body: { from: 'ACTIVE', to: 'HALTED', emergency: true, because: 'a test', code: null },
};

/** An event's text with some of it replaced, as another version of Plimsoll would have written it. */
const written = (event: DomainEvent, change: object): string =>
  JSON.stringify({ ...JSON.parse(eventToText(event)), ...change });

describe('the text of an event', () => {
  test.each([bar, moved])('comes back as the same event', (event) => {
    expect(eventFromText(eventToText(event))).toEqual(event);
  });

  test('names no version while a type has its first shape, and its version from the second on', () => {
    expect(eventToText(bar)).not.toContain('"v":');
    expect(eventToText(moved)).toContain('"v":2');
  });

  test('in an older version is read as what it would be today', () => {
    const { code: _, ...before } = moved.body;
    expect(eventFromText(written(moved, { v: undefined, body: before }))).toEqual(moved);
  });

  test('in an older version that already had the value keeps it', () => {
    const body = { ...moved.body, code: 'KILL_SWITCH' };
    expect(eventFromText(written(moved, { v: undefined, body }))).toMatchObject({ body });
  });

  test.each<[string, string, RegExp]>([
    ['a later version', written(moved, { v: 3 }), /event 8 is version 3 of trading.state-changed/],
    ['an unknown type', written(bar, { type: 'moon.landed' }), /event 7 is a moon.landed/],
    ['a type that only objects know', written(bar, { type: 'toString' }), /a toString/],
    ['no body to bring up to date', written(moved, { v: 1, body: 5 }), /event 8 has no body/],
  ])('with %s is refused and not guessed at', (_, text, because) => {
    expect(() => eventFromText(text)).toThrow(UnreadableEvent);
    expect(() => eventFromText(text)).toThrow(because);
  });
});

test.each<[EventType, number]>([
  ['system.started', 3],
  ['trading.state-changed', 2],
  ['proposal.made', 2],
  ['intent.recorded', 2],
  ['order.denied', 2],
  ['order.submitting', 2],
])('%s is written in version %i', (type, version) => {
  expect(versionOf(type)).toBe(version);
});

test('every other type still has its first shape', () => {
  expect(EVENT_TYPES.filter((type) => versionOf(type) > 1)).toHaveLength(6);
});

describe('the journal of a Plimsoll that knew no versions', () => {
  const file = new URL('journals/without-versions.jsonl.gz', import.meta.url);
  const texts = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const events = texts.map(eventFromText);

  const counted = (type: EventType): number =>
    texts.filter((text) => text.includes(`"type":"${type}"`)).length;

  test('still has the hash that was written down then', () => {
    const head = texts.reduce(
      (previous, text, index) => linkHash(previous, index + 1, text),
      GENESIS.hash,
    );
    expect(head).toBe(HEAD);
  });

  test('folds to what it folded to then', () => {
    const book = new Book(new Map([[BTC.id, BTC]]));
    const decisions = new Decisions();
    for (const event of events) {
      book.apply(event);
      decisions.apply(event);
    }
    expect(text(book.portfolio.cash)).toBe(CASH);
    expect(decisions.counts()).toMatchObject({
      cycles: counted('cycle.opened'),
      proposals: counted('proposal.made'),
      orders: counted('order.submitting'),
      fills: counted('order.filled'),
    });
    const [[key] = []] = book.portfolio.positions;
    expect(book.entryOf(key ?? '')).toBeDefined();
  });

  test('lets a stop that followed by a share of the price be looked after as it was', () => {
    const trailing = events.filter(
      (event): event is EventOf<'order.submitting'> =>
        event.type === 'order.submitting' && event.body.order.management !== undefined,
    );
    expect(trailing).toHaveLength(2);
    for (const { seq, body } of trailing) {
      expect(body.order.management).toEqual({
        trail: { distance: { bps: 150 }, armed: 'AT_ENTRY' },
      });
      expect(texts[seq - 1]).toContain('"trailBps":150');
      expect(texts[seq - 1]).not.toContain('management');
    }
  });
});
