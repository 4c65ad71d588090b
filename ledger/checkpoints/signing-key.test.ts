import { generateKeyPairSync } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNote, readVerifierKey, signNote, verifierKey } from './note.ts';
import { openSigningKey, SigningKeyUnusable, verifierKeyPath } from './signing-key.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-key-'));
  path = join(folder, 'keys', 'signing-key.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

let drawn = 0;
const seed = (): Uint8Array => Buffer.alloc(32, (drawn += 1));
const never = (): Uint8Array => expect.fail('a key was made');
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const told = (): string => readFileSync(verifierKeyPath(path), 'utf8').trim();

function put(text: string, mode = 0o600): void {
  mkdirSync(join(folder, 'keys'), { recursive: true });
  writeFileSync(path, text, { mode });
}

describe('the signing key', () => {
  test('is made once, for its owner alone, with a public half for everybody', () => {
    const made = openSigningKey(path, seed);
    expect(made.name).toMatch(/^plimsoll\/[0-9a-f]{16}$/);
    expect([modeOf(path), modeOf(join(folder, 'keys'))]).toEqual(['600', '700']);
    expect(modeOf(verifierKeyPath(path))).toBe('644');
    expect(readdirSync(join(folder, 'keys')).sort()).toEqual(['log.vkey', 'signing-key.json']);
    expect(told()).toBe(verifierKey(made));

    const read = openSigningKey(path, never);
    expect(verifierKey(read)).toBe(verifierKey(made));
    expect(openNote(signNote('text\n', read), readVerifierKey(told()))).toBe('text\n');
  });

  test('follows from its seed, and its name from the key', () => {
    const one = openSigningKey(path, () => Buffer.alloc(32, 1));
    const same = openSigningKey(join(folder, 'same', 'key'), () => Buffer.alloc(32, 1));
    const other = openSigningKey(join(folder, 'other', 'key'), () => Buffer.alloc(32, 2));
    expect(verifierKey(same)).toBe(verifierKey(one));
    expect(other.name).not.toBe(one.name);
    expect(() => openSigningKey(join(folder, 'short', 'key'), () => Buffer.alloc(31))).toThrow(
      'a key is made of 32 bytes',
    );
  });

  test('writes its public half again when only that is missing, as after a crash between the two', () => {
    const made = openSigningKey(path, seed);
    rmSync(verifierKeyPath(path));
    openSigningKey(path, never);
    expect(told()).toBe(verifierKey(made));
  });

  test.each([0o640, 0o604, 0o620, 0o677])(
    'is refused when others may reach it: mode %o',
    (mode) => {
      openSigningKey(path, seed);
      chmodSync(path, mode);
      expect(() => openSigningKey(path, never)).toThrow(SigningKeyUnusable);
      expect(() => openSigningKey(path, never)).toThrow(`run: chmod 600 ${path}`);
    },
  );

  test('is not quietly made anew when it is lost', () => {
    openSigningKey(path, seed);
    rmSync(path);
    expect(() => openSigningKey(path, never)).toThrow(
      `The signing key ${path} is gone, but ${verifierKeyPath(path)} says that there was one.`,
    );
  });

  test('is refused when it was exchanged', () => {
    openSigningKey(path, seed);
    const other = join(folder, 'other', 'key');
    openSigningKey(other, seed);
    put(readFileSync(other, 'utf8'));
    expect(() => openSigningKey(path, never)).toThrow('one of them was replaced');
  });

  const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey;
  test.each([
    ['nothing', ''],
    ['text', 'my secret words'],
    ['null', 'null'],
    ['no name', '{"privateKey":"x"}'],
    ['a name of another kind', '{"name":"x","privateKey":"x"}'],
    ['no key', '{"name":"plimsoll/00112233445566ff","privateKey":"my secret words"}'],
    [
      'a key of another kind',
      JSON.stringify({
        name: 'plimsoll/00112233445566ff',
        privateKey: rsa.export({ format: 'pem', type: 'pkcs8' }),
      }),
    ],
  ])('is refused when the file holds %s, without telling what it holds', (_, text) => {
    put(text);
    let said = '';
    try {
      openSigningKey(path, never);
    } catch (error) {
      expect(error).toBeInstanceOf(SigningKeyUnusable);
      said = (error as Error).message;
    }
    expect(said).toContain(`${path} is no signing key`);
    expect(said).not.toMatch(/secret|PRIVATE/);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['signing-key.json']);
  });

  test('says so when its place cannot be read or written', () => {
    mkdirSync(path, { recursive: true });
    expect(() => openSigningKey(path, never)).toThrow(`${path} cannot be read: EISDIR`);
    const below = join(folder, 'file', 'key');
    writeFileSync(join(folder, 'file'), '');
    expect(() => openSigningKey(below, never)).toThrow(SigningKeyUnusable);
  });
});
