/**
 * The people who may loosen what was latched. Who somebody is, is proved by a password at every single
 * act; there is no session to steal. This is the one file that sees a password or its hash.
 */
import { hash, verify } from '@node-rs/argon2';
import { type Clock, MINUTE_MS } from '../domain/clock.ts';
import { draft } from '../domain/draft.ts';
import type { Actor } from '../domain/event.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** What OWASP asks of argon2id, which is the package's default algorithm: 19 MiB, two passes, one lane. */
const COSTS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Verified for a name that nobody has, so that it takes as long as a wrong password. Nothing fits it. */
const DECOY = `$argon2id$v=19$m=${COSTS.memoryCost},t=${COSTS.timeCost},p=${COSTS.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const NAME = /^[A-Za-z0-9._-]{1,40}$/;
const NAME_CHARS_MAX = 40;
const PASSWORD_CHARS_MIN = 12;
const PASSWORD_CHARS_MAX = 200;
/** For everybody together: guessing many names is guessing too. */
const ATTEMPTS_PER_MINUTE_MAX = 10;
const CONFIRMATION_MS_MAX = MINUTE_MS;

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

export type RefusalReason =
  | 'NAME_UNFIT'
  | 'PASSWORD_UNFIT'
  | 'NAME_TAKEN'
  | 'SPONSOR_MISSING'
  | 'PASSWORD_MISSING'
  | 'NOBODY_REGISTERED'
  | 'TOO_MANY_ATTEMPTS'
  | 'PASSWORD_WRONG';

export interface Refusal {
  readonly refused: RefusalReason;
  readonly sentence: string;
}

declare const confirmed: unique symbol;

/** A person whose password was right a moment ago: permission for one act of theirs, soon. */
export interface ConfirmedPerson {
  readonly [confirmed]: true;
  readonly name: string;
}

interface Confirmation {
  readonly clock: Clock;
  readonly expiresAtMs: number;
}

const confirmations = new WeakMap<ConfirmedPerson, Confirmation>();

/**
 * True once, within a minute of the password, for the very object that `confirm` returned: asking uses
 * it up, whatever the answer, so that one password is one act.
 */
export function redeemConfirmation(person: ConfirmedPerson): boolean {
  const confirmation = confirmations.get(person);
  confirmations.delete(person);
  return confirmation !== undefined && confirmation.clock.now() <= confirmation.expiresAtMs;
}

export class Operators {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  #attemptsAtMs: readonly number[] = [];

  /** The clock is that of people and not of the market, which may stand still or run ahead. */
  constructor(ledger: Ledger, clock: Clock) {
    this.#ledger = ledger;
    this.#clock = clock;
  }

  /** The first operator is added freely; every later one only with the password of one who is there. */
  async add(
    name: string,
    password: string,
    sponsor?: Credentials,
  ): Promise<{ readonly added: string } | Refusal> {
    const unfit = unfitName(name) ?? unfitPassword(name, password);
    if (unfit !== undefined) return unfit;
    const isFirst = (await this.#count()) === 0;
    const refusal = isFirst ? undefined : await this.#refuseSponsor(sponsor, name);
    if (refusal !== undefined) return refusal;
    const row = {
      name,
      passwordHash: await hash(password, COSTS),
      addedAtMs: this.#clock.now(),
    };
    const by = personOf((isFirst ? undefined : sponsor?.name) ?? name);
    return this.#ledger.transact(async (tx) => {
      // Two may have found nobody at the same time; only one of them is the first.
      if (isFirst && (await tx.operatorCount()) > 0) return SPONSOR_MISSING;
      if (!(await tx.insertOperator(row))) return nameTaken(name);
      tx.append(draft('operator.added', by, 'operators', null, { name }));
      return { added: name };
    });
  }

  /** `wanted` is what the person wants to do with it, for the record of a refusal. */
  async confirm(
    name: string,
    password: string,
    wanted: string,
  ): Promise<ConfirmedPerson | Refusal> {
    const refusal = await this.#refuse({ name, password }, wanted);
    if (refusal !== undefined) return refusal;
    const person = Object.freeze({ name }) as ConfirmedPerson;
    const expiresAtMs = this.#clock.now() + CONFIRMATION_MS_MAX;
    confirmations.set(person, { clock: this.#clock, expiresAtMs });
    return person;
  }

  async #refuseSponsor(
    sponsor: Credentials | undefined,
    name: string,
  ): Promise<Refusal | undefined> {
    return sponsor === undefined ? SPONSOR_MISSING : this.#refuse(sponsor, `operator ${name}`);
  }

  /** Undefined when the password is that of the name. */
  async #refuse(credentials: Credentials, wanted: string): Promise<Refusal | undefined> {
    const { name, password } = credentials;
    if (password === '') return PASSWORD_MISSING;
    if ((await this.#count()) === 0) return NOBODY_REGISTERED;
    const tooMany = this.#countAttempt();
    if (tooMany !== undefined) return tooMany;
    // A name that cannot be anybody's may hold characters that a database refuses.
    const row = NAME.test(name)
      ? await this.#ledger.rows((rows) => rows.operator(name))
      : undefined;
    const isRight = await verify(row?.passwordHash ?? DECOY, password);
    if (row !== undefined && isRight) return undefined;
    await this.#record(credentials, wanted);
    return PASSWORD_WRONG;
  }

  #count(): Promise<number> {
    return this.#ledger.rows((rows) => rows.operatorCount());
  }

  /** Counted before the password is looked at, so that many at once are counted too. */
  #countAttempt(): Refusal | undefined {
    const now = this.#clock.now();
    const recent = this.#attemptsAtMs.filter((atMs) => atMs > now - MINUTE_MS);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= ATTEMPTS_PER_MINUTE_MAX) {
      return tooManyAttempts(oldest + MINUTE_MS - now);
    }
    this.#attemptsAtMs = [...recent, now];
    return undefined;
  }

  async #record({ name, password }: Credentials, wanted: string): Promise<void> {
    // Whoever types the password into the field of the name must not have it written down.
    const told = name === password ? '(withheld)' : clipped(name);
    await this.#ledger.transact(async (tx) => {
      tx.append(
        draft('loosening.refused', personOf(told), 'trading-state', null, {
          wanted,
          code: null,
          because: PASSWORD_WRONG.sentence,
        }),
      );
    });
  }
}

const personOf = (name: string): Actor => ({ kind: 'PERSON', name });

/** Short enough for the record, and well-formed also where it was cut. */
const clipped = (name: string): string =>
  name.slice(0, NAME_CHARS_MAX).replace(/\p{Surrogate}/gu, '\ufffd');

function unfitName(name: string): Refusal | undefined {
  if (NAME.test(name)) return undefined;
  return {
    refused: 'NAME_UNFIT',
    sentence: `An operator's name is 1 to ${NAME_CHARS_MAX} letters a–z, digits, dots, underscores and hyphens.`,
  };
}

/** The sentence never repeats the password. */
function unfitPassword(name: string, password: string): Refusal | undefined {
  if (password === '') return PASSWORD_MISSING;
  if (password.length < PASSWORD_CHARS_MIN || password.length > PASSWORD_CHARS_MAX) {
    return {
      refused: 'PASSWORD_UNFIT',
      sentence: `A password has ${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters; this one has ${password.length}.`,
    };
  }
  if (password !== name) return undefined;
  return { refused: 'PASSWORD_UNFIT', sentence: 'The password must not be the name.' };
}

const PASSWORD_MISSING: Refusal = {
  refused: 'PASSWORD_MISSING',
  sentence: 'Only a person with a password may do this; give the password.',
};

const PASSWORD_WRONG: Refusal = {
  refused: 'PASSWORD_WRONG',
  sentence: 'The name or the password is wrong.',
};

const NOBODY_REGISTERED: Refusal = {
  refused: 'NOBODY_REGISTERED',
  sentence: 'Nobody is registered yet; add the first person with "plimsoll operators add NAME".',
};

const SPONSOR_MISSING: Refusal = {
  refused: 'SPONSOR_MISSING',
  sentence:
    'There are operators already; one of them must vouch for the new one with their own password.',
};

const nameTaken = (name: string): Refusal => ({
  refused: 'NAME_TAKEN',
  sentence: `There is an operator ${name} already; choose another name.`,
});

const tooManyAttempts = (waitMs: number): Refusal => ({
  refused: 'TOO_MANY_ATTEMPTS',
  sentence: `Too many passwords were tried within a minute; try again in ${Math.ceil(waitMs / 1_000)} seconds.`,
});
