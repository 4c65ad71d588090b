import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isKeyName,
  NOTE_BYTES_MAX,
  NoteRefused,
  openNote,
  readVerifierKey,
  signerOf,
  signNote,
  verifierKey,
} from './note.ts';
import { keyOf, OURS, THEIRS } from './testing/keys.ts';

/** Signed by another program, with the seed 00 01 02 … 1f. */
const FOREIGN = {
  seed: Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
  vkey: 'plimsoll/00112233445566ff+773522be+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4',
  text: 'first line\n\nlast line, ünd ✓\n',
  line: '— plimsoll/00112233445566ff dzUivvcIFS0tbjhoEE9Bnyi/rCgSsjVFyHG2AzSFfi8FpDBNj5Gij0LMR6spc6O13conef6zoTAcFyMpyjVB0D3u5AY=\n',
};
const NOTE = signNote('a text\n', OURS);

const refused = (because: string): NoteRefused => new NoteRefused(because);

describe('a signed note', () => {
  test('is the same as another program makes of it', () => {
    const signer = signerOf('plimsoll/00112233445566ff', keyOf(FOREIGN.seed));
    expect(signNote(FOREIGN.text, signer)).toBe(`${FOREIGN.text}\n${FOREIGN.line}`);
    expect(verifierKey(signer)).toBe(FOREIGN.vkey);
    const verifier = readVerifierKey(FOREIGN.vkey);
    expect(openNote(`${FOREIGN.text}\n${FOREIGN.line}`, verifier)).toBe(FOREIGN.text);
  });

  test('gives back any text that it can carry', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
    const verifier = readVerifierKey(verifierKey(OURS));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const text = `${lines.join('\n')}\n`;
        expect(openNote(signNote(text, OURS), verifier)).toBe(text);
      }),
    );
  });

  test('does not open once any byte of it was changed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(NOTE, 'utf8');
        const place = at % bytes.length;
        bytes.writeUInt8((bytes[place] as number) ^ change, place);
        expect(() => openNote(bytes.toString('utf8'), OURS)).toThrow(NoteRefused);
      }),
    );
  });

  test('does not open once it was cut anywhere', () => {
    for (let end = 0; end < NOTE.length; end++) {
      expect(() => openNote(NOTE.slice(0, end), OURS)).toThrow(NoteRefused);
    }
  });

  test('opens with the signatures of strangers beside ours, and not with theirs alone', () => {
    const theirs = signNote('a text\n', THEIRS);
    const line = theirs.slice(theirs.indexOf('—'));
    expect(openNote(NOTE + line, OURS)).toBe('a text\n');
    expect(openNote(NOTE + line, THEIRS)).toBe('a text\n');
    expect(() => openNote(theirs, OURS)).toThrow(
      refused(`the note is not signed by ${OURS.name} with key ${OURS.keyId}`),
    );
    // A witness signs in a way of its own.
    expect(openNote(`${NOTE}— witness.example ${'A'.repeat(400)}\n`, OURS)).toBe('a text\n');
  });

  test('does not open when one of two signatures of ours is wrong', () => {
    const other = signNote('another text\n', OURS);
    const line = other.slice(other.indexOf('—'));
    const because = `the signature of ${OURS.name} does not fit the text of the note`;
    expect(() => openNote(NOTE + line, OURS)).toThrow(refused(because));
    expect(() => openNote(`another text\n${NOTE.slice(7)}`, OURS)).toThrow(refused(because));
  });

  test.each([
    ['a text\n— x AAAA\n', 'the note has no blank line before its signatures'],
    ['', 'the note has no blank line before its signatures'],
    [NOTE.slice(0, -1), 'the note ends in the middle of a line'],
    ['a text\n\n', '"" is no signature line; one has the form — <name> <base64>'],
    ['a text\n\n- x AAAAAAAA\n', '"- x AAAAAAAA" is no signature line'],
    ['a text\n\n— x AAAAAAAA extra\n', 'is no signature line'],
    ['a text\n\n— x+y AAAAAAAA\n', 'is no signature line'],
    ['a text\n\n— x AAAA\n', 'is no signature line'],
    ['a text\n\n— x !!!!!!!!\n', 'is no signature line'],
    [NOTE.replace('a text', 'a\ttext'), 'the note holds a control character'],
    [NOTE.replaceAll('\n', '\r\n'), 'the note holds a control character'],
    [NOTE.replace('a', '\ud800'), 'or text that is not Unicode'],
    [`${'x'.repeat(NOTE_BYTES_MAX)}\n${NOTE}`, `the note is longer than ${NOTE_BYTES_MAX} bytes`],
  ])('says what is wrong with it: %#', (note, because) => {
    expect(() => openNote(note, OURS)).toThrow(because);
    expect(() => openNote(note, OURS)).toThrow(NoteRefused);
  });

  test.each([
    ['a text', 'the text of a note ends with a newline'],
    ['a\0text\n', 'the note holds a control character'],
    ['\udc00\n', 'or text that is not Unicode'],
    [`${'x'.repeat(NOTE_BYTES_MAX)}\n`, 'the note is longer than'],
  ])('is not made of text that could not be read back: %#', (text, because) => {
    expect(() => signNote(text, OURS)).toThrow(because);
  });

  test('has a signature of one spelling: base64 that decodes the same is not the same', () => {
    const loose = NOTE.replace(/=\n$/u, '\n');
    expect(loose).not.toBe(NOTE);
    expect(() => openNote(loose, OURS)).toThrow('is no signature line');
  });
});

describe('a verifier key', () => {
  test.each(['', 'name', 'name+0011', `${FOREIGN.vkey.replace('+', ' ')}`, 'a b+00112233+AAAA'])(
    'is not %j',
    (text) => {
      expect(() => readVerifierKey(text)).toThrow(NoteRefused);
    },
  );

  test('must hold an Ed25519 key, whose id follows from it and the name', () => {
    const other = FOREIGN.vkey.replace('ff+', 'fe+');
    expect(() => readVerifierKey(other)).toThrow(/has the id [0-9a-f]{8}, not 773522be/);
    expect(() => readVerifierKey(FOREIGN.vkey.replace('+AQ', '+Ag'))).toThrow(
      'the verifier key of plimsoll/00112233445566ff holds no Ed25519 key',
    );
    expect(() => readVerifierKey(FOREIGN.vkey.slice(0, -4))).toThrow('holds no Ed25519 key');
    expect(() => readVerifierKey(`${FOREIGN.vkey}\n`)).toThrow(NoteRefused);
  });

  test('is made only of a key and a name that notes can carry', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => signerOf('name', privateKey)).toThrow('notes are signed with Ed25519, not ec');
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u0085b', 'a\u00a0b', 'a\ud800']) {
      expect(isKeyName(name)).toBe(false);
      expect(() => signerOf(name, OURS.privateKey)).toThrow('is no key name');
    }
  });
});
