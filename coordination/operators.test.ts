import { beforeEach, describe, expect, test } from 'vitest';

import { ManualClock, MINUTE_MS } from '../domain/clock.ts';
import type { DomainEvent } from '../domain/event.ts';
import { START_MS } from '../domain/testing/samples.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { type ConfirmedPerson, redeemConfirmation, Operators, type Refusal } from './operators.ts';

const ADA = { name: 'ada', password: 'correct horse battery' } as const;
const BOB = { name: 'bob', password: 'staple of a longer kind' } as const;
const WANTED = 'trading state ACTIVE';

let clock: ManualClock;
let ledger: Ledger;
let operators: Operators;

beforeEach(() => {
  clock = new ManualClock(START_MS);
  ledger = memoryLedger({ clock });
  operators = new Operators(ledger, clock);
});

const addAda = () => operators.add(ADA.name, ADA.password);
const reason = (outcome: object): string | undefined => (outcome as Partial<Refusal>).refused;
const sentence = (outcome: object): string => (outcome as Partial<Refusal>).sentence ?? '';
const confirm = (name: string, password: string) => operators.confirm(name, password, WANTED);

async function confirmedAda(): Promise<ConfirmedPerson> {
  const person = await confirm(ADA.name, ADA.password);
  if ('refused' in person) throw new Error(person.sentence);
  return person;
}

const events = async (): Promise<readonly DomainEvent[]> =>
  (await ledger.read(0, 1_000)).map(({ event }) => event);

describe('adding', () => {
  test('the first is free, and is written down as their own act', async () => {
    expect(await addAda()).toEqual({ added: 'ada' });
    expect(await events()).toMatchObject([
      {
        type: 'operator.added',
        actor: { kind: 'PERSON', name: 'ada' },
        body: { name: 'ada' },
      },
    ]);
  });

  test('keeps argon2id of 19 MiB, two passes and one lane, salted, and not the password', async () => {
    await addAda();
    await operators.add('eve', ADA.password, ADA);
    const [ada, eve] = await ledger.rows(async (rows) => [
      await rows.operator('ada'),
      await rows.operator('eve'),
    ]);
    expect(ada?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(ada?.addedAtMs).toBe(START_MS);
    expect(eve?.passwordHash).not.toBe(ada?.passwordHash);
  });

  test('every later one needs the password of one who is there', async () => {
    await addAda();
    const add = (sponsor?: { name: string; password: string }) =>
      operators.add(BOB.name, BOB.password, sponsor);
    expect(reason(await add())).toBe('SPONSOR_MISSING');
    expect(reason(await add({ ...ADA, password: '' }))).toBe('PASSWORD_MISSING');
    expect(reason(await add({ ...ADA, password: 'a wrong password' }))).toBe('PASSWORD_WRONG');
    expect(reason(await add(BOB))).toBe('PASSWORD_WRONG');
    expect(await add(ADA)).toEqual({ added: 'bob' });
    const [, ...later] = await events();
    expect(later).toMatchObject([
      {
        type: 'loosening.refused',
        actor: { name: 'ada' },
        body: { wanted: 'operator bob' },
      },
      { type: 'loosening.refused', actor: { name: 'bob' } },
      { type: 'operator.added', actor: { kind: 'PERSON', name: 'ada' }, body: { name: 'bob' } },
    ]);
    expect(await operators.add('carol', 'a third password', BOB)).toEqual({ added: 'carol' });
  });

  test('a name is taken once, and whoever has it keeps their password', async () => {
    await addAda();
    const again = await operators.add(ADA.name, 'another password', ADA);
    expect(again).toMatchObject({ refused: 'NAME_TAKEN' });
    expect(redeemConfirmation(await confirmedAda())).toBe(true);
    expect(await events()).toHaveLength(1);
  });

  test('of two who come first at once, one is', async () => {
    const outcomes = await Promise.all([addAda(), operators.add(BOB.name, BOB.password)]);
    expect(outcomes.filter((outcome) => 'added' in outcome)).toHaveLength(1);
    expect(outcomes.map(reason)).toContain('SPONSOR_MISSING');
    expect(await events()).toHaveLength(1);
  });

  test.each(['', 'a b', 'ada/', 'naïve', '../ada', 'a\0', 'a'.repeat(41), 'ada\n'])(
    'refuses the name %j',
    async (name) => {
      const outcome = await operators.add(name, ADA.password);
      expect(reason(outcome)).toBe('NAME_UNFIT');
      expect(sentence(outcome)).toContain('1 to 40 letters');
    },
  );

  test.each(['a', 'A.b_c-9', 'a'.repeat(40)])('takes the name %s', async (name) => {
    expect(await operators.add(name, ADA.password)).toEqual({ added: name });
  });

  test.each([
    ['eleven chars'.slice(0, 11), 'PASSWORD_UNFIT'],
    ['x'.repeat(12), undefined],
    ['x'.repeat(200), undefined],
    ['x'.repeat(201), 'PASSWORD_UNFIT'],
    ['the-name-of-me', 'PASSWORD_UNFIT'],
    ['', 'PASSWORD_MISSING'],
  ])('with the password %j: %s', async (password, refused) => {
    const outcome = await operators.add('the-name-of-me', password);
    expect(reason(outcome)).toBe(refused);
    if (password !== '' && refused !== undefined) expect(sentence(outcome)).not.toContain(password);
  });
});

describe('confirming', () => {
  test('gives the person whose password it is', async () => {
    await addAda();
    const person = await confirmedAda();
    expect(person.name).toBe('ada');
    expect(redeemConfirmation(person)).toBe(true);
  });

  test('a wrong password, an unknown name and no name at all are one answer, each on record', async () => {
    await addAda();
    const outcomes = [
      await confirm('ada', 'a wrong password'),
      await confirm('mallory', ADA.password),
      await confirm('Ada', ADA.password),
      await confirm('', ADA.password),
      await confirm('a\0b', ADA.password),
    ];
    for (const outcome of outcomes) {
      expect(outcome).toEqual({
        refused: 'PASSWORD_WRONG',
        sentence: 'The name or the password is wrong.',
      });
    }
    const refusals = (await events()).slice(1);
    expect(refusals.map(({ actor }) => actor)).toEqual(
      ['ada', 'mallory', 'Ada', '', 'a\0b'].map((name) => ({ kind: 'PERSON', name })),
    );
    expect(refusals[0]).toMatchObject({
      type: 'loosening.refused',
      body: { wanted: WANTED, code: null, because: 'The name or the password is wrong.' },
    });
  });

  test('a name as long as a page is recorded by its first forty characters, well-formed', async () => {
    await addAda();
    await confirm(`${'x'.repeat(39)}😀${'y'.repeat(10_000)}`, ADA.password);
    expect((await events()).at(-1)?.actor.name).toBe(`${'x'.repeat(39)}\ufffd`);
  });

  test('without a password it is nobody, and that is no attempt', async () => {
    await addAda();
    for (let i = 0; i < 20; i++) expect(reason(await confirm('ada', ''))).toBe('PASSWORD_MISSING');
    expect(await events()).toHaveLength(1);
    expect(redeemConfirmation(await confirmedAda())).toBe(true);
  });

  test('while nobody is registered it says how to add the first', async () => {
    const outcome = await confirm('ada', ADA.password);
    expect(reason(outcome)).toBe('NOBODY_REGISTERED');
    expect(sentence(outcome)).toContain('plimsoll operators add');
  });
});

describe('attempts', () => {
  test('are ten a minute for everybody together, right ones and sponsors included', async () => {
    await addAda();
    for (let i = 0; i < 8; i++) await confirm(`guess-${i}`, 'a wrong password');
    await confirmedAda();
    await operators.add(BOB.name, BOB.password, { ...ADA, password: 'a wrong password' });
    const before = ledger.head.seq;
    clock.advanceTo(START_MS + 17_500);
    for (const password of [ADA.password, 'a wrong password']) {
      const outcome = await confirm('ada', password);
      expect(reason(outcome)).toBe('TOO_MANY_ATTEMPTS');
      expect(sentence(outcome)).toContain('try again in 43 seconds');
    }
    expect(ledger.head.seq).toBe(before);
    clock.advanceTo(START_MS + MINUTE_MS - 1);
    expect(reason(await confirm('ada', ADA.password))).toBe('TOO_MANY_ATTEMPTS');
    clock.advanceTo(START_MS + MINUTE_MS);
    expect(redeemConfirmation(await confirmedAda())).toBe(true);
  });

  test('that come at once are counted too', async () => {
    await addAda();
    const outcomes = await Promise.all(
      Array.from({ length: 15 }, () => confirm('ada', 'a wrong password')),
    );
    const reasons = outcomes.map(reason);
    expect(reasons.filter((told) => told === 'PASSWORD_WRONG')).toHaveLength(10);
    expect(reasons.filter((told) => told === 'TOO_MANY_ATTEMPTS')).toHaveLength(5);
  });
});

describe('a confirmation', () => {
  beforeEach(addAda);

  test('is good for one act', async () => {
    const person = await confirmedAda();
    expect(redeemConfirmation(person)).toBe(true);
    expect(redeemConfirmation(person)).toBe(false);
  });

  test('is good for a minute, and an attempt after it uses it up as well', async () => {
    const [inTime, late] = [await confirmedAda(), await confirmedAda()];
    clock.advanceTo(START_MS + MINUTE_MS);
    expect(redeemConfirmation(inTime)).toBe(true);
    clock.advanceTo(START_MS + MINUTE_MS + 1);
    expect(redeemConfirmation(late)).toBe(false);
    expect(redeemConfirmation(late)).toBe(false);
  });

  test.each<[string, (real: ConfirmedPerson) => unknown]>([
    ['an object of its shape', ({ name }) => ({ name })],
    ['a frozen one', ({ name }) => Object.freeze({ name })],
    ['a spread copy', (real) => ({ ...real })],
    ['a JSON round trip', (real) => JSON.parse(JSON.stringify(real))],
    ['a structured clone', (real) => structuredClone(real)],
    ['an heir', (real) => Object.create(real)],
    ['a proxy', (real) => new Proxy(real, {})],
    ['its name', ({ name }) => name],
    ['nothing', () => undefined],
    ['null', () => null],
    ['the boolean true', () => true],
  ])('is not %s', async (_, forge) => {
    const real = await confirmedAda();
    expect(redeemConfirmation(forge(real) as ConfirmedPerson)).toBe(false);
    expect(redeemConfirmation(real)).toBe(true);
  });

  test('cannot be given another name', async () => {
    const person = await confirmedAda();
    expect(() => Object.assign(person, { name: 'eve' })).toThrow(TypeError);
  });
});

test('no password and no hash reaches the journal, also when it is typed as the name', async () => {
  await addAda();
  await operators.add(BOB.name, BOB.password, ADA);
  await confirm(ADA.password, ADA.password);
  await confirm('ada', BOB.password);
  const written = JSON.stringify(await events());
  for (const secret of [ADA.password, BOB.password, 'argon2']) {
    expect(written).not.toContain(secret);
  }
  expect((await events()).at(-2)?.actor.name).toBe('(withheld)');
});

test('a row that holds no hash confirms nobody', async () => {
  const row = { name: 'ada', passwordHash: 'not a hash', addedAtMs: START_MS };
  await ledger.transact((tx) => tx.insertOperator(row));
  await expect(confirm('ada', 'not a hash')).rejects.not.toThrow(/not a hash/);
});
