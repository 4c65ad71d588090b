// Proves an exported journal with nothing but Node, and shares no code with what wrote it.
// Exit 0: all holds; 1: it cannot be checked; 3: it is broken, and where.
import { ok as holds } from 'node:assert';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let place = ''; // What is being looked at. Whatever is wrong from here on is wrong with this.
const say = (line) => process.stdout.write(`${line}\n`);
const hex = (text) => Buffer.from(text, 'hex');
const sha256 = (...parts) => parts.reduce((h, one) => h.update(one), createHash('sha256')).digest();

// Keys and notes as in c2sp.org/signed-note, checkpoints as in c2sp.org/tlog-checkpoint.
function readKey(line) {
  const [name, , ...text] = line.trim().split('+');
  const bytes = Buffer.from(text.join('+'), 'base64');
  const keyId = sha256(`${name}\n`, bytes).subarray(0, 4);
  const key = Buffer.concat([hex('302a300506032b6570032100'), bytes.subarray(1)]);
  return { name, keyId, publicKey: createPublicKey({ key, format: 'der', type: 'spki' }) };
}
function linesSigned(note, { name, keyId, publicKey }) {
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const isSigned = note.split('\n').some((line) => {
    const signature = Buffer.from(line.split(' ')[2] ?? '', 'base64').subarray(4);
    const stamp = Buffer.concat([keyId, signature]).toString('base64');
    return line === `— ${name} ${stamp}` && verify(null, Buffer.from(text), publicKey, signature);
  });
  holds(isSigned, `not signed with this key of ${name}, or changed since`);
  return text.slice(0, -1).split('\n');
}
function readCheckpoint(note, key, name) {
  place = name;
  const [origin, size, root, ...more] = linesSigned(note, key);
  const head = more.find((line) => line.startsWith('head '))?.slice(5);
  holds(origin === key.name && /^\d+$/.test(size) && head, 'no checkpoint of this journal');
  return { size: Number(size), root: Buffer.from(root, 'base64').toString('hex'), head };
}

// The Merkle tree as in RFC 6962: its complete subtrees by height, and a root from one leaf up.
const leafOf = (hash) => sha256('\0', hex(hash));
const nodeOf = (left, right) => sha256('\x01', left, right);
function grow(tree, leaf, height = 0) {
  if (tree[height]) grow(tree, nodeOf(tree[height], leaf), height + 1);
  tree[height] = tree[height] ? undefined : leaf;
}
function rootOf(tree) {
  const subtrees = tree.filter((node) => node !== undefined);
  const root = subtrees.length > 0 ? subtrees.reduce((r, left) => nodeOf(left, r)) : sha256();
  return root.toString('hex');
}
function rootFrom(leaf, index, lastIndex, path) {
  let [node, at, end, used] = [leaf, index, lastIndex, 0];
  for (; end > 0; [at, end] = [Math.floor(at / 2), Math.floor(end / 2)]) {
    if (at % 2 === 1) node = nodeOf(hex(path[used++] ?? ''), node);
    else if (at < end) node = nodeOf(node, hex(path[used++] ?? ''));
  }
  return used === path.length ? node.toString('hex') : undefined;
}

// Not by node:readline, which also ends lines at characters that JSON leaves inside text.
async function* linesOf(path) {
  let rest = '';
  for await (const chunk of createReadStream(path, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    yield* lines;
  }
}

async function check(folder, flag, keyLine) {
  holds(
    folder && (flag === undefined || (flag === '--key' && keyLine)),
    'usage: node verify.mjs <folder> [--key <key>]',
  );
  const read = (...names) => readFileSync(join(folder, ...names), 'utf8');
  const key = readKey(keyLine ?? read('log.vkey'));
  place = 'The manifest';
  const [kind, range, ...files] = linesSigned(read('manifest'), key);
  const [first, last] = range.split(' ').slice(1).map(Number);
  holds(kind === 'plimsoll/export/v1' && first > 0 && last >= 0, 'not that of an export');
  const notes = read('checkpoints').split(/(?<=\n)---\n/);
  place = 'The file of checkpoints';
  holds(notes.pop() === '', 'ends in the middle of one');
  const signed = notes.map((note, i) => readCheckpoint(note, key, `Checkpoint ${i + 1}`));
  const names = existsSync(join(folder, 'proofs')) ? readdirSync(join(folder, 'proofs')) : [];
  const proofs = names.map((name) => ({ name, ...JSON.parse(read('proofs', name)) }));
  // The chain: each hash covers the hash before, the number in eight bytes and the event's exact text.
  let [seq, hash, met, proven, tree] = [first - 1, '0'.repeat(64), 0, 0, []];
  const meetCheckpoints = () => {
    for (; signed[met]?.size <= seq; met += 1) {
      const { size, head, root } = signed[met];
      place = `Checkpoint ${met + 1}, of ${size} events`;
      const isSame = size === seq && head === hash && (first > 1 || rootOf(tree) === root);
      holds(isSame || size < first - 1, 'signed for other events, or not in its place');
    }
  };
  for await (const line of linesOf(join(folder, 'journal.jsonl'))) {
    place = `Event ${seq + 1}`;
    const event = JSON.parse(line);
    holds(event.seq === seq + 1, `not in its place, where event ${event.seq} stands`);
    if (event.seq === first && first > 1) hash = event.prevHash;
    meetCheckpoints();
    place = `Event ${(seq += 1)}`;
    holds(event.prevHash === hash, 'does not follow from the one before');
    const number = hex(seq.toString(16).padStart(16, '0'));
    hash = sha256('plimsoll/journal/v1\0', hex(hash), number, event.body).toString('hex');
    holds(hash === event.hash, 'not as it was written');
    grow(tree, leafOf(hash));
    for (const { name, size, path, note, leafHash } of proofs.filter((one) => one.seq === seq)) {
      const of = readCheckpoint(note, key, `The proof ${name} of event ${seq}`);
      const isOf = seq <= size && size === of.size && leafHash === leafOf(hash).toString('hex');
      holds(isOf && rootFrom(hex(leafHash), seq - 1, size - 1, path) === of.root, 'does not hold');
      proven += 1;
    }
  }
  meetCheckpoints();
  place = 'The journal';
  holds(met === signed.length, `cut off after event ${seq}; event ${signed[met]?.size} was signed`);
  holds(last === seq, `ends at event ${seq}; its manifest says ${last}`);
  for (const [sum, , file] of files.map((line) => line.split(' '))) {
    const content = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, file))) content.update(chunk);
    holds(content.digest('hex') === sum, `its manifest lists another ${file}`);
  }
  say(`${key.name}: events ${first} to ${last} follow one another as they were written.`);
  if (first > 1) say(`What came before event ${first} is not here and was taken as given.`);
  const covered = signed.at(-1)?.size ?? 0;
  say(`${met} checkpoints hold, to event ${covered}, and ${proven} of ${proofs.length} proofs.`);
  if (covered < last) say(`For the events after ${covered} only the manifest vouches.`);
  if (keyLine !== undefined) return;
  say('The key came with the export, which proves nothing against whoever made all of it.');
  say(`Compare it with the one you were given, or pass that with --key:\n${read('log.vkey')}`);
}

const [folder, flag, keyLine] = process.argv.slice(2);
await check(folder, flag, keyLine).catch((error) => {
  const cannot = place === '' || error.syscall !== undefined;
  say(cannot ? `Cannot be checked: ${error.message}` : `BROKEN: ${place}: ${error.message}.`);
  process.exitCode = cannot ? 1 : 3;
});
