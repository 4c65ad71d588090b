import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Checkpoint, checkpointText, NoCheckpoint, readCheckpoint } from './checkpoint.ts';

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));
const checkpoints: fc.Arbitrary<Checkpoint> = fc
  .record({
    origin: fc.stringMatching(/^plimsoll\/[0-9a-f]{16}$/),
    size: fc.maxSafeNat(),
    root: hash,
    headHash: hash,
    commits: fc.maxSafeNat(),
    atMs: fc.integer({ min: 0, max: 253_402_300_799_999 }),
    stateHash: fc.option(hash),
    stateSeq: fc.maxSafeNat(),
  })
  .map(({ stateHash, stateSeq, ...rest }) =>
    stateHash === null
      ? rest
      : { ...rest, state: { seq: Math.min(stateSeq, rest.size), hash: stateHash } },
  );

const ONE: Checkpoint = {
  origin: 'plimsoll/00112233445566ff',
  size: 1_200,
  root: '00'.repeat(32),
  headHash: 'ab'.repeat(32),
  commits: 300,
  atMs: Date.UTC(2026, 0, 31, 12, 0, 0, 7),
  state: { seq: 1_000, hash: 'cd'.repeat(32) },
};
const TEXT = `plimsoll/00112233445566ff
1200
AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
head ${'ab'.repeat(32)}
commits 300
at 2026-01-31T12:00:00.007Z
state 1000 ${'cd'.repeat(32)}
`;

describe('a checkpoint', () => {
  test('is a text that a person can read', () => {
    expect(checkpointText(ONE)).toBe(TEXT);
    const { state, ...without } = ONE;
    expect(checkpointText(without)).toBe(TEXT.slice(0, TEXT.indexOf('state')));
    expect(state?.seq).toBe(1_000);
  });

  test('reads back as it was written', () => {
    fc.assert(
      fc.property(checkpoints, (checkpoint) => {
        expect(readCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  test('may carry lines of others, in any place after the third', () => {
    const lines = TEXT.split('\n');
    for (let at = 3; at < lines.length; at++) {
      expect(readCheckpoint(lines.toSpliced(at, 0, 'header 7', 'x').join('\n'))).toEqual(ONE);
    }
  });

  test('reads its own lines in any order', () => {
    const [origin, size, root, ...rest] = TEXT.trimEnd().split('\n');
    const turned = [origin, size, root, ...rest.toReversed(), ''].join('\n');
    expect(readCheckpoint(turned)).toEqual(ONE);
  });

  test.each([
    ['', 'ends in the middle of a line'],
    [TEXT.slice(0, -1), 'ends in the middle of a line'],
    [TEXT.slice(TEXT.indexOf('\n')), 'has no origin in its first line'],
    [TEXT.replace('1200', '01200'), 'size "01200" is not a whole number without leading zeros'],
    [TEXT.replace('1200', '-1'), 'size "-1" is not a whole number'],
    [TEXT.replace('1200', '1e3'), 'size "1e3" is not a whole number'],
    [TEXT.replace('1200', ''), 'size "" is not a whole number'],
    [TEXT.replace('1200', '9007199254740992'), 'is not a whole number'],
    [TEXT.replace('AAA=', 'AAA'), 'is not the base64 of 32 bytes'],
    [TEXT.replace('AAA=', 'AAB='), 'is not the base64 of 32 bytes'],
    [TEXT.replace('AAAA', ''), 'is not the base64 of 32 bytes'],
    [TEXT.replace('head ab', 'head AB'), 'is not 64 lower-case hex digits'],
    [TEXT.replace('head', 'heap'), 'the checkpoint has no line "head"'],
    [TEXT.replace('commits 300', 'commits'), 'commits "" is not a whole number'],
    [TEXT.replace('commits 300', 'commits 3 0'), 'commits "3 0" is not a whole number'],
    [TEXT.replace('.007Z', 'Z'), 'is not a UTC time like 2026-01-31T12:00:00.000Z'],
    [TEXT.replace('.007Z', '.007+00:00'), 'is not a UTC time'],
    [TEXT.replace('01-31', '02-31'), 'is not a UTC time'],
    [TEXT.replace('at 2026', 'at 1969'), 'is not a UTC time'],
    [TEXT.replace('state 1000', 'state 1201'), 'state 1201 is of a snapshot after the last event'],
    [TEXT.replace('state 1000', 'state x'), 'state "x" is not a whole number'],
    [TEXT.replace('state 1000 cd', 'state 1000 c'), 'is not 64 lower-case hex digits'],
    [`${TEXT}commits 300\n`, 'the checkpoint has two lines "commits"'],
    [`${TEXT}\n`, 'the checkpoint has an empty line'],
    ['plimsoll/1\n0\n', 'is not the base64 of 32 bytes'],
  ])('is refused with the line that is wrong: %#', (text, because) => {
    expect(() => readCheckpoint(text)).toThrow(NoCheckpoint);
    expect(() => readCheckpoint(text)).toThrow(because);
  });

  test.each<[Partial<Checkpoint>, string]>([
    [{ origin: 'x\n1\nAAAA' }, 'is no origin'],
    [{ origin: '' }, 'is no origin'],
    [{ size: -1 }, 'size "-1" is not a whole number'],
    [{ size: 1.5 }, 'size "1.5" is not a whole number'],
    [{ size: 1e21 }, 'is not a whole number'],
    [{ root: '' }, 'root "" is not 64 lower-case hex digits'],
    [{ root: 'AB'.repeat(32) }, 'is not 64 lower-case hex digits'],
    [{ headHash: `${'ab'.repeat(32)}\nx` }, 'is not 64 lower-case hex digits'],
    [{ state: { seq: 1, hash: `${'cd'.repeat(32)}\nx` } }, 'is not 64 lower-case hex digits'],
    [{ commits: Number.NaN }, 'commits "NaN" is not a whole number'],
    [{ atMs: Number.NaN }, 'at "NaN" is not a UTC time'],
    [{ atMs: 1.5 }, 'at "1.5" is not a UTC time'],
    [{ atMs: 253_402_300_800_000 }, 'is not a UTC time'],
    [{ state: { seq: 1_201, hash: 'cd'.repeat(32) } }, 'after the last event'],
  ])('is not written when it could not be read back: %j', (wrong, because) => {
    expect(() => checkpointText({ ...ONE, ...wrong })).toThrow(because);
  });
});
