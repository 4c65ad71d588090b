/** The auditor's own look at the chain, from its published rule and not from the code that makes it. */
import { createHash } from 'node:crypto';
import type { EventWords, RowWords } from './testimony.ts';

const DOMAIN = 'plimsoll/journal/v1\0';

interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** What is wrong with a row that should follow the head, or undefined. */
export function chainFault({ seq, hash }: Head, row: RowWords): string | undefined {
  if (row.seq !== seq + 1) return `row ${row.seq} follows row ${seq}`;
  if (row.prevHash !== hash) return `row ${row.seq} does not point to the row before it`;
  return linkHash(row) === row.hash ? undefined : `row ${row.seq} does not hash to what it says`;
}

/** What is searched by must be what was said. */
export function columnFault(row: RowWords, event: EventWords): string | undefined {
  const columns = ['seq', 'atMs', 'type', 'correlationId'] as const;
  const wrong = columns.find((column) => event[column] !== row[column]);
  return wrong === undefined
    ? undefined
    : `column ${wrong} of row ${row.seq} is not what its body says`;
}

function linkHash({ prevHash, seq, body }: RowWords): string {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(seq));
  return createHash('sha256')
    .update(DOMAIN, 'latin1')
    .update(prevHash, 'hex')
    .update(number)
    .update(body, 'utf8')
    .digest('hex');
}
