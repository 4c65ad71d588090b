/** Writes exports as the verifier expects them, from the definitions and without any code of the ledger. */
import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Line {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
  readonly body: string;
}

export interface Bundle {
  readonly lines: readonly Line[];
  /** Signed notes. */
  readonly checkpoints: readonly string[];
  readonly proofs: Readonly<Record<string, object>>;
  readonly key: Key;
}

export interface Key {
  readonly name: string;
  readonly vkey: string;
  readonly id: Buffer;
  readonly privateKey: KeyObject;
}

export function keyFrom(seed: number, name = 'plimsoll/0123456789abcdef'): Key {
  const der = Buffer.from('302e020100300506032b657004220420', 'hex');
  const privateKey = createPrivateKey({
    key: Buffer.concat([der, Buffer.alloc(32, seed)]),
    format: 'der',
    type: 'pkcs8',
  });
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  const typed = Buffer.concat([Buffer.of(1), Buffer.from(jwk.x ?? '', 'base64url')]);
  const id = sha256(`${name}\n`, typed).subarray(0, 4);
  return {
    name,
    vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    id,
    privateKey,
  };
}

export function signed(text: string, { name, id, privateKey }: Key): string {
  const signature = sign(null, Buffer.from(text), privateKey);
  return `${text}\n— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** Events from 1, with whatever text is given as their bodies. */
export function chained(bodies: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  for (const [index, body] of bodies.entries()) {
    const seq = index + 1;
    const prevHash = lines.at(-1)?.hash ?? '0'.repeat(64);
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(seq));
    const hash = sha256('plimsoll/journal/v1\0', Buffer.from(prevHash, 'hex'), number, body);
    lines.push({ seq, prevHash, hash: hash.toString('hex'), body });
  }
  return lines;
}

export function rootOf(lines: readonly Line[]): Buffer {
  if (lines.length === 0) return sha256('');
  if (lines.length === 1) return leafOf(lines[0] as Line);
  const k = 2 ** Math.ceil(Math.log2(lines.length) - 1);
  return sha256(Buffer.of(1), rootOf(lines.slice(0, k)), rootOf(lines.slice(k)));
}

function pathTo(m: number, lines: readonly Line[]): readonly string[] {
  if (lines.length === 1) return [];
  const k = 2 ** Math.ceil(Math.log2(lines.length) - 1);
  return m < k
    ? [...pathTo(m, lines.slice(0, k)), rootOf(lines.slice(k)).toString('hex')]
    : [...pathTo(m - k, lines.slice(k)), rootOf(lines.slice(0, k)).toString('hex')];
}

export function checkpointOf(lines: readonly Line[], key: Key): string {
  const text = [
    key.name,
    String(lines.length),
    rootOf(lines).toString('base64'),
    `head ${lines.at(-1)?.hash ?? '0'.repeat(64)}`,
    'commits 1',
    'at 2026-01-31T12:00:00.000Z',
  ];
  return signed(`${text.join('\n')}\n`, key);
}

export function proofOf(seq: number, lines: readonly Line[], key: Key): object {
  return {
    seq,
    size: lines.length,
    leafHash: leafOf(lines[seq - 1] as Line).toString('hex'),
    path: pathTo(seq - 1, lines),
    note: checkpointOf(lines, key),
  };
}

/** Writes everything, with a manifest that fits. */
export function writeBundle(folder: string, { lines, checkpoints, proofs, key }: Bundle): void {
  const files = [
    ['checkpoints', checkpoints.map((note) => `${note}---\n`).join('')],
    ['journal.jsonl', lines.map((line) => `${JSON.stringify(line)}\n`).join('')],
    ['log.vkey', `${key.vkey}\n`],
    ...Object.entries(proofs).map(([name, proof]) => [`proofs/${name}`, JSON.stringify(proof)]),
  ] as const;
  for (const [file = '', text = ''] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const range = `events ${lines[0]?.seq ?? 1} ${lines.at(-1)?.seq ?? 0}`;
  writeManifest(
    folder,
    range,
    files.map(([file = '']) => file),
    key,
  );
}

export function writeManifest(
  folder: string,
  range: string,
  files: readonly string[],
  key: Key,
): void {
  const listed = files.map((file) => {
    const bytes = readFileSync(join(folder, file));
    return `${sha256(bytes).toString('hex')} ${bytes.length} ${file}`;
  });
  const text = ['plimsoll/export/v1', range, ...listed, ''].join('\n');
  writeFileSync(join(folder, 'manifest'), signed(text, key));
}

const leafOf = (line: Line): Buffer => sha256(Buffer.of(0), Buffer.from(line.hash, 'hex'));

const sha256 = (...parts: readonly (Buffer | string)[]): Buffer => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest();
};
