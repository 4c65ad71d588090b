/** The log as people read it: one line for each thing that happened. */
import type { OrderWords, RowWords, Testimony } from './auditor/testimony.ts';
import type { Heard } from './witness.ts';

export const lineOf = ({ step, atMs, said }: Heard): string =>
  `${String(step).padStart(4)}  ${new Date(atMs).toISOString().slice(11, 23)}  ${wordsOf(said)}`;

function wordsOf(said: Testimony): string {
  switch (said.kind) {
    case 'OPENED':
      return `the account is opened with ${said.cash}`;
    case 'LED':
      return `epoch ${said.epoch} begins`;
    case 'COMMITTED':
      return `durable: ${said.rows.map(rowWords).join(' · ')}`;
    case 'INTENDED':
      return `an agent records ${said.intentId}${said.approved ? '' : ', which nobody approved'}`;
    case 'ASKED':
      return `process ${said.process} sends ${orderWords(said.order)}`;
    case 'CANCEL_ASKED':
      return `process ${said.process} asks to cancel ${said.orderId}`;
    case 'PLACED':
      return `${said.orderId} rests at the venue`;
    case 'TRADED':
      return `${said.orderId} trades ${said.quantity} at ${said.price} (${said.fillId})`;
    case 'ENDED':
      return `${said.orderId} ends at the venue: ${said.how}`;
    case 'TOLD':
      return `a client is told of ${said.fillIds.join(', ')}`;
    case 'LIED':
      return `the venue denies having ${said.orderId}`;
    case 'TROUBLE':
      return `trouble: ${said.because}`;
    case 'PRICE':
      return `${said.instrumentId} trades at ${said.price}`;
    case 'KILLED':
      return `process ${said.process} is told to stop everything`;
    case 'PASSED':
      return `${said.ms} ms went by${said.tended ? '' : ', and nobody was there'}`;
    case 'ACCOUNT':
      return `the account has ${said.cash} and ${JSON.stringify(said.positions)}`;
    case 'BOOK':
      return `the book has ${said.cash} and ${JSON.stringify(said.positions)} as of ${said.hash}`;
    case 'THREW':
      return `failed: ${said.because}`;
    case 'SETTLED':
      return `everything had its time; the journal has ${said.rows.length} rows`;
    case 'NOTE':
      return said.words;
  }
}

function orderWords({ id, role, side, type, quantity, instrumentId, ...more }: OrderWords): string {
  const limit = more.limitPrice === undefined ? '' : ` at ${more.limitPrice}`;
  const stop = more.stopPrice === undefined ? '' : ` from ${more.stopPrice}`;
  return `${id}: ${role} ${side} ${quantity} ${instrumentId} ${type}${limit}${stop}`;
}

const TOLD_FIELDS = ['orderId', 'because', 'to', 'code', 'subject'];

function rowWords({ seq, type, body }: RowWords): string {
  const told = (JSON.parse(body) as { body: Readonly<Record<string, unknown>> }).body;
  const order = told['order'] as { id?: string } | undefined;
  const facts = TOLD_FIELDS.map((field) => told[field]).filter((fact) => typeof fact === 'string');
  return [`${seq} ${type}`, order?.id ?? '', ...facts].filter((word) => word !== '').join(' ');
}

/** Lines that say nothing of what happened, only of how much went by. */
const BACKGROUND: ReadonlySet<Testimony['kind']> = new Set([
  'PRICE',
  'PASSED',
  'ACCOUNT',
  'BOOK',
  'SETTLED',
]);

/** The last lines that name any of these, and what happened to the house meanwhile. */
export function linesAbout(
  log: readonly Heard[],
  about: readonly string[],
  most: number,
): readonly string[] {
  const lines: string[] = [];
  for (const heard of log) {
    const { kind } = heard.said;
    if (BACKGROUND.has(kind)) continue;
    const line = lineOf(heard);
    const named = about.length === 0 || about.some((name) => line.includes(name));
    if (named || kind === 'NOTE' || kind === 'LED') lines.push(line);
  }
  return lines.slice(-most);
}
