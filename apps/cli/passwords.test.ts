import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { BadInput } from './errors.ts';
import { askPasswords } from './passwords.ts';

const NEW = { label: 'New password of ada', isNew: true };
const SPONSOR = { label: 'Password of bob', isNew: false };

/** What is typed, and what somebody who looks at the screen sees of it. */
function terminal(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const shown: string[] = [];
  input.end(typed);
  return { input, prompt: { write: (text: string) => shown.push(text) }, shown };
}

describe('a password on a terminal', () => {
  test('is asked for by name and never shown, a new one twice', async () => {
    const screen = terminal('correct horse\rcorrect horse\rstaple\r');
    expect(await askPasswords([NEW, SPONSOR], screen)).toEqual(['correct horse', 'staple']);
    expect(screen.shown.join('')).toBe(
      'New password of ada: \nNew password of ada, again: \nPassword of bob: \n',
    );
  });

  test('keeps its spaces and can be corrected while it is typed', async () => {
    expect(await askPasswords([SPONSOR], terminal(' a b \x7f\x7fc \r'))).toEqual([' a c ']);
  });

  test('that is new is refused when it differs the second time, without showing either', async () => {
    const asking = askPasswords([NEW], terminal('correct horse\rcorrect house\r'));
    await expect(asking).rejects.toThrow(BadInput);
    await expect(asking).rejects.toThrow('the two passwords are not the same');
    await expect(asking).rejects.not.toThrow(/correct ho/);
  });

  test.each([
    ['left empty', '\r'],
    ['left with Ctrl-C', 'half of i\x03'],
    ['left with Ctrl-D', '\x04'],
  ])('%s is missing', async (_, typed) => {
    const asking = askPasswords([SPONSOR], terminal(typed));
    await expect(asking).rejects.toThrow('Password of bob is missing');
  });
});

describe('a password on a pipe', () => {
  test.each(['correct horse\nmore\n', 'correct horse\r\n', 'correct horse'])(
    'is the first line of %j, asked for once and without a prompt',
    async (piped) => {
      const pipe = terminal(piped, false);
      expect(await askPasswords([NEW], pipe)).toEqual(['correct horse']);
      expect(pipe.shown).toEqual([]);
    },
  );

  test('is the next line for the next one', async () => {
    const pipe = terminal('correct horse\nstaple\n', false);
    expect(await askPasswords([NEW, SPONSOR], pipe)).toEqual(['correct horse', 'staple']);
  });

  test('that holds too few lines is missing', async () => {
    const asking = askPasswords([NEW, SPONSOR], terminal('correct horse\n', false));
    await expect(asking).rejects.toThrow('Password of bob is missing');
  });
});
