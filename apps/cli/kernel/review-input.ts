/** What `plimsoll kernel review` reads: a command and a snapshot as JSON, amounts as decimal text. */
import { Result, Schema, SchemaIssue } from 'effect';
import type { Command } from '../../../risk-kernel/command.ts';
import type { RiskSnapshot } from '../../../risk-kernel/snapshot.ts';
import { BadInput } from '../errors.ts';
import { Input } from './review-schema.ts';

export interface ReviewInput {
  readonly command: Command;
  readonly snapshot: RiskSnapshot;
}

const decode = Schema.decodeUnknownResult(Input, { errors: 'all', onExcessProperty: 'error' });
const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1();

/** @throws BadInput naming the field, what was found there and what would be right. */
export function readReviewInput(json: string, source: string): ReviewInput {
  if (json.trim() === '') throw new BadInput(`${source} is empty; "--example" prints an input`);
  const value = parseJson(json, source);
  const decoded = decode(value);
  if (Result.isSuccess(decoded)) return decoded.success;
  const { issues } = issuesOf(decoded.failure.issue);
  const [first] = issues;
  const path = (first?.path ?? []) as readonly (string | number)[];
  const others = issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`;
  throw new BadInput(`${source}: ${faultAt(path, value, first?.message ?? '')}${others}`);
}

/** The same input as JSON, for people to begin from. */
export const writeReviewInput = (input: ReviewInput): string =>
  JSON.stringify(Schema.encodeSync(Input)(input), null, 2);

function parseJson(json: string, source: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new BadInput(`${source} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function faultAt(path: readonly (string | number)[], input: unknown, message: string): string {
  const field = path.length === 0 ? 'the input' : pathText(path);
  if (message === 'Missing key') return `${field} is missing; "--example" shows every field`;
  if (message === 'Expected no excess property')
    return `${field} is not a field; "--example" shows every field`;
  return `${field} must be ${rightFor(message)}, found ${shown(valueAt(path, input))}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};
const either = new Intl.ListFormat('en', { type: 'disjunction' });

/** `Expected object | null` for people: `an object or null`. */
const rightFor = (message: string): string =>
  either.format(
    message
      .replace(/^Expected /, '')
      .split(' | ')
      .map((word) => WORDS[word] ?? word),
  );

/** As people write it: `snapshot.positions[0].notional`. */
const pathText = (path: readonly (string | number)[]): string =>
  path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`,
    )
    .join('');

const valueAt = (path: readonly (string | number)[], input: unknown): unknown =>
  path.reduce<unknown>(
    (value, part) => (value as Readonly<Record<string | number, unknown>>)[part],
    input,
  );

const SHOWN_CHARS_MAX = 60;

function shown(value: unknown): string {
  // A number past the largest is read as infinity, which JSON would show as null.
  const json = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return json.length > SHOWN_CHARS_MAX ? `${json.slice(0, SHOWN_CHARS_MAX)}…` : json;
}
