/**
 * Passwords come from a hidden prompt or from standard input, never from an option: what stands on a
 * command line can be read by every other program, and stays in the shell's history.
 */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { BadInput } from './errors.ts';

export interface Asked {
  readonly label: string;
  /** A new password is typed twice at the prompt, because nobody sees what is typed. */
  readonly isNew: boolean;
}

/** Where passwords are typed, and where they are asked for; a pipe is no terminal. */
export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly prompt: { write(text: string): unknown };
}

const OURS: Terminal = { input: process.stdin, prompt: process.stderr };

/** What is typed is echoed into this. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

/** One password for each that is asked, in order; on a pipe each is one line. */
export async function askPasswords(
  asked: readonly Asked[],
  { input, prompt }: Terminal = OURS,
): Promise<readonly string[]> {
  const isTerminal = input.isTTY === true;
  const reader = createInterface({
    input,
    output: nowhere(),
    terminal: isTerminal,
    historySize: 0,
  });
  // Without this, Ctrl-C at a hidden prompt would be swallowed.
  reader.once('SIGINT', () => reader.close());
  const lines = reader[Symbol.asyncIterator]();
  const read = async (label: string): Promise<string> => {
    if (isTerminal) prompt.write(`${label}: `);
    const { value = '' } = await lines.next();
    if (isTerminal) prompt.write('\n');
    if (value !== '') return value;
    throw new BadInput(
      `${label} is missing; type it at the prompt, or give it as a line of standard input`,
    );
  };
  try {
    const passwords: string[] = [];
    for (const { label, isNew } of asked) {
      const password = await read(label);
      if (isTerminal && isNew && (await read(`${label}, again`)) !== password) {
        throw new BadInput('the two passwords are not the same; nothing was changed');
      }
      passwords.push(password);
    }
    return passwords;
  } finally {
    reader.close();
  }
}
