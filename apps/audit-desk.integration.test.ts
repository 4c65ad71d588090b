/** What is handed out holds without us: checked here by nothing but SHA-256, Ed25519 and a few lines. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecordBroken } from '../ledger/checkpoints/checkpointer.ts';
import { openNote, readVerifierKey, signerOf, verifierKey } from '../ledger/checkpoints/note.ts';
import { keyOf } from '../ledger/checkpoints/testing/keys.ts';
import { type Database, openDatabase } from '../ledger/database.ts';
import { type ExportRange, exportStored, NotProvable, proveStored } from './audit-desk.ts';
import { LAST, Prepared, ROWS, SECOND, STATE } from './custody.contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-desk-'));
const location = { kind: 'directory', dataDir: join(folder, 'data') } as const;
const SIZE = ROWS.length;
let database: Database;
let prepared: Prepared;
beforeAll(async () => {
  database = await openDatabase(location);
  prepared = new Prepared({ database, location });
  await prepared.make();
  await prepared.reset();
});
afterAll(async () => {
  prepared.remove();
  await database.close();
  rmSync(folder, { recursive: true });
});

const ourKey = (): string => readFileSync(prepared.files.verifierKey, 'utf8').trim();
const prove = (seq: number) => proveStored(database, location, seq);
const sha256 = (...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** RFC 9162 §2.1.3.2, over the bytes of one event. */
function rootOf({ seq, body, prevHash, size, path }: Awaited<ReturnType<typeof prove>>): string {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(seq));
  const event = sha256('plimsoll/journal/v1\0', hex(prevHash), number, body);
  let [node, at, end] = [sha256('\0', event), seq - 1, size - 1];
  for (const one of path.map(hex)) {
    if (at % 2 === 0 && at < end) node = sha256('\x01', node, one);
    else {
      node = sha256('\x01', one, node);
      for (; at % 2 === 0 && at > 0; at >>= 1) end >>= 1;
    }
    [at, end] = [at >> 1, end >> 1];
  }
  expect(end).toBe(0);
  return node.toString('base64');
}

describe('a proof', () => {
  test('of any event that was signed leads to the root that was signed', async () => {
    const key = readVerifierKey(ourKey());
    for (const seq of [1, 2, 3, 40, 41, 63, 64, 65, LAST - 1, LAST]) {
      const proof = await prove(seq);
      const [, size, root] = openNote(proof.checkpoint, key).split('\n');
      expect([seq, Number(size), root]).toEqual([seq, proof.size, rootOf(proof)]);
      expect(proof.body).toBe(ROWS[seq - 1]?.body);
    }
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, SIZE + 1, LAST + 1])(
    'of event %d, which is not there or not signed yet, is refused with a sentence',
    async (seq) => {
      await expect(prove(seq)).rejects.toThrow(NotProvable);
    },
  );

  test('is never made of an event that was changed, nor of any other beside it', async () => {
    await prepared.attack(`UPDATE journal SET body = body || ' ' WHERE seq = 20`);
    await expect(prove(20)).rejects.toThrow(RecordBroken);
    await prepared.attack(`UPDATE journal SET hash = translate(hash, 'a', 'b') WHERE seq = 30`);
    await expect(prove(50)).rejects.toThrow('is not the one that was signed up to event');
    await prepared.attack(`UPDATE journal SET hash = repeat('x', 64) WHERE seq = 30`);
    await expect(prove(50)).rejects.toThrow('The hash of event 30 is none');
    await prepared.reset();
  });

  test('is never made of a journal that lost its end, or of checkpoints that were changed', async () => {
    await prepared.hold(ROWS.slice(0, 50), 50);
    await expect(prove(20)).rejects.toThrow(RecordBroken);
    await prepared.reset();
    appendFileSync(prepared.files.checkpoints, 'more\n---\n');
    await expect(prove(20)).rejects.toThrow(RecordBroken);
    await prepared.reset();
  });
});

let exports = 0;
const target = (): string => join(folder, `export-${(exports += 1)}`);
const write = (range: ExportRange, out: string) => exportStored(database, location, range, out);

/** The bundle's own verifier, with nothing else. */
function verified(bundle: string, ...more: readonly string[]) {
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(bundle, 'verify.mjs'), bundle, ...more],
    { encoding: 'utf8', env: {} },
  );
  return [status, stdout] as const;
}

describe('a bundle', () => {
  const all = join(folder, 'all');
  beforeAll(async () => {
    await write({}, all);
  });

  test('of everything that was signed passes its own verifier, with its own key and with ours', async () => {
    const key = ourKey();
    expect(verified(all)[1]).toContain(`events 1 to ${LAST} follow one another`);
    expect(verified(all)[0]).toBe(0);
    expect(verified(all, '--key', key)[0]).toBe(0);
    expect(readdirSync(all).toSorted()).toEqual([
      'checkpoints',
      'journal.jsonl',
      'log.vkey',
      'manifest',
      'proofs',
      'verify.mjs',
    ]);
    expect(readdirSync(join(all, 'proofs')).toSorted()).toEqual(['1.json', `${LAST}.json`]);
  });

  test.each<[number | undefined, number | undefined]>([
    [1, 1],
    [2, 2],
    [5, SECOND - 1],
    [5, SECOND],
    [SECOND, STATE],
    [SECOND + 1, STATE + 1],
    [undefined, 10],
    [LAST, undefined],
  ])('of events %s to %s passes too', async (fromSeq, toSeq) => {
    const out = target();
    const { events } = await write({ fromSeq, toSeq }, out);
    expect(events).toBe((toSeq ?? LAST) - (fromSeq ?? 1) + 1);
    const [status, said] = verified(out);
    expect([status, said]).toEqual([0, expect.stringContaining('proofs')]);
  });

  const tamperings = {
    'an event': ['journal.jsonl', (text: string) => text.replace('"GUIDE', '"GUIDF')],
    'a hash': ['journal.jsonl', (text: string) => text.replace('"hash":"', '"hash":"0')],
    'the order of its events': [
      'journal.jsonl',
      (text: string) => text.split('\n').toSpliced(3, 1).join('\n'),
    ],
    'its end': ['journal.jsonl', (text: string) => text.slice(0, text.lastIndexOf('{'))],
    'a checkpoint': ['checkpoints', (text: string) => text.replace('commits 40', 'commits 41')],
    'its last checkpoint': [
      'checkpoints',
      (text: string) => text.slice(0, text.lastIndexOf('plimsoll/', text.length - 300)),
    ],
    'a proof': [`proofs/${LAST}.json`, (text: string) => text.replace('"path":["', '"path":["0')],
    'what it says it holds': ['manifest', (text: string) => text.replace('events 1', 'events 2')],
    'a sum in its manifest': [
      'manifest',
      (text: string) => text.replace(/[0-9a-f]{8}/, '00000000'),
    ],
  } satisfies Record<string, readonly [file: string, change: (text: string) => string]>;

  test.each(Object.entries(tamperings))('fails after %s was changed', (_, [file, change]) => {
    const out = target();
    cpSync(all, out, { recursive: true });
    const before = readFileSync(join(out, file), 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(join(out, file), after);
    const [status, said] = verified(out);
    expect([status, said]).toEqual([3, expect.stringContaining('BROKEN')]);
  });

  test('fails with a key that is not ours', () => {
    const theirs = signerOf(readVerifierKey(ourKey()).name, keyOf(Buffer.alloc(32, 6)));
    expect(verified(all, '--key', verifierKey(theirs))[0]).toBe(3);
    expect(verified(all, '--key', 'no key')[0]).toBe(1);
  });

  test.each<[number | undefined, number | undefined]>([
    [0, 5],
    [-1, 5],
    [1.5, 5],
    [1, 4.5],
    [Number.NaN, 5],
    [1, Number.NaN],
    [6, 5],
    [1, LAST + 1],
    [LAST + 1, undefined],
  ])(
    'of events %s to %s, which cannot be, is refused and leaves nothing behind',
    async (fromSeq, toSeq) => {
      const out = target();
      await expect(write({ fromSeq, toSeq }, out)).rejects.toThrow(NotProvable);
      expect(readdirSync(folder).filter((name) => name.startsWith(out))).toEqual([]);
    },
  );

  test('is never written over anything', async () => {
    const out = target();
    mkdirSync(out);
    await expect(write({}, out)).rejects.toThrow('is there already');
    expect(readdirSync(out)).toEqual([]);
    writeFileSync(`${out}.file`, 'mine');
    await expect(write({}, `${out}.file`)).rejects.toThrow(NotProvable);
    expect(readFileSync(`${out}.file`, 'utf8')).toBe('mine');
  });

  test('is never signed over a journal that was changed, and leaves nothing behind', async () => {
    for (const statement of [
      `UPDATE journal SET body = body || ' ' WHERE seq = 20`,
      'UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 20',
      'DELETE FROM journal WHERE seq = 20',
    ]) {
      await prepared.reset();
      await prepared.attack(statement);
      const out = target();
      await expect(write({}, out)).rejects.toThrow(RecordBroken);
      expect(existsSync(out)).toBe(false);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await prepared.reset();
  });

  test('of a journal that was never signed is refused', async () => {
    rmSync(prepared.auditDir, { recursive: true });
    await expect(write({}, target())).rejects.toThrow('was ever signed');
    await expect(prove(1)).rejects.toThrow('No signed checkpoint covers event 1 yet');
  });
});
