/** A PostgreSQL that fails a trading desk in every way a server can. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../ledger/database.ts';
import { LEASE } from '../../ledger/lease.ts';
import { runScript } from '../../ledger/testing/run-script.ts';
import { barClosed } from '../../ledger/testing/samples.ts';
import { describePostgres, onServer } from '../support/postgres.ts';
import { idOf } from './fault-house.ts';
import type { OwnDatabase } from './own-database.ts';
import { onStage, SCHEMA } from './stage.ts';

const SLOW_MS = 5_000;
/** As short as a test wants to wait for an answer; in production it is `ANSWER_MS_MAX`. */
const SHORT_MS = 2_500;

describePostgres('a desk on a PostgreSQL', (server) => {
  describe.concurrent('that is slow', () => {
    test('keeps its writer when every answer takes five seconds, and nobody else gets in', () =>
      onStage(server, async ({ own, wire, house }) => {
        const { ledger, database } = await house.begin();
        const before = ledger.head.seq;
        wire.slowDown(SLOW_MS);
        const startedMs = performance.now();
        await ledger.transact(async (tx) => tx.append(barClosed(1)));
        // Longer than a lease lasts: it was renewed meanwhile, late as the answers are.
        expect(performance.now() - startedMs).toBeGreaterThan(LEASE.lastsMs);
        expect(ledger.broken).toBeUndefined();
        expect(database.fault).toBeUndefined();
        await expect(openDatabase({ url: own.url, schema: SCHEMA })).rejects.toThrow(
          'another Plimsoll is writing',
        );
        wire.heal();
        expect(await ledger.read(before, 10)).toHaveLength(1);
      }));

    test('sees a whole trade through, every order once', () =>
      onStage(server, async ({ wire, house }) => {
        const life = await house.begin();
        wire.slowDown(50);
        expect(await house.next(life.desk)).toEqual({ kind: 'SENT' });
        expect(await house.next(life.desk)).toBeUndefined();
        house.venue.fill(idOf('next', 'ENTRY'), '2000');
        await life.desk.guard.settle();
        wire.heal();
        expect([...house.venue.resting.keys()]).toContain(idOf('next', 'STOP'));
        await house.expectOneAccount(life.desk);
      }));
  });

  describe.concurrent('that is gone', () => {
    test('sends nothing more, and goes on once it has compared itself with the exchange', () =>
      onStage(server, async ({ wire, house }) => {
        const life = await house.begin();
        wire.goAway();
        await house.expectStandstill(
          life,
          /^The database failed: .*(ECONNRE|Connection terminated)/,
        );
        await house.expectKilled(life);
        await life.end();
        await expect(house.open()).rejects.toThrow(
          /^PostgreSQL at 127\.0\.0\.1:\d+\/\w+ cannot be used: /,
        );
        wire.heal();
        await house.expectRecovery();
      }));

    test('finds again what the exchange took when nobody could write it down', () =>
      onStage(server, async ({ wire, house }) => {
        const life = await house.begin();
        house.venue.onArrival = async ({ id }) => {
          if (id === idOf('next', 'ENTRY')) wire.goAway();
        };
        await house.next(life.desk);
        await house.expectStandstill(life, /^The database failed: /);
        expect(house.venue.resting.has(idOf('next', 'ENTRY'))).toBe(true);
        wire.heal();
        await house.expectRecovery('FOUND');
      }));

    test('protects in its next life what was filled when no stop could be recorded', () =>
      onStage(server, async ({ wire, house }) => {
        const { desk, ledger } = await house.open();
        await desk.engine.execute(await desk.intend('held'));
        wire.goAway();
        house.venue.fill(idOf('held', 'ENTRY'), '50000');
        await expect(desk.guard.settle()).rejects.toThrow('The database failed');
        expect(ledger.broken).toContain('The database failed');
        expect(house.venue.received.map(({ role }) => role)).toEqual(['ENTRY']);
        await house.endAll();
        wire.heal();

        const next = await house.open();
        const rests = [...house.venue.resting.keys()];
        expect(rests).toEqual([idOf('held', 'STOP'), idOf('held', 'TARGET')]);
        expect(next.desk.book.liveOrders().map(({ order }) => order.id)).toEqual(rests);
      }));

    test('still takes entries from the exchange when the kill switch is pulled', () =>
      onStage(server, async ({ wire, house }) => {
        const life = await house.begin();
        await house.next(life.desk);
        wire.goAway();
        await house.expectKilled(life, [idOf('next', 'ENTRY')]);
      }));
  });

  describe.concurrent('that stops answering', () => {
    test('is waited for so long and no longer', () =>
      onStage(
        server,
        async ({ wire, house }) => {
          const life = await house.begin();
          wire.fallSilent();
          await house.expectStandstill(
            life,
            /^The database failed: no answer came from PostgreSQL for 2.5 s$/,
          );
          await house.expectKilled(life);
          await life.end();
          wire.heal();
          await house.expectRecovery();
        },
        { answerMsMax: SHORT_MS },
      ));

    test('is not what a server is that nobody asked anything', () =>
      onStage(
        server,
        async ({ house }) => {
          const life = await house.begin();
          await sleep(SHORT_MS + 500);
          expect(await house.next(life.desk)).toEqual({ kind: 'SENT' });
        },
        { answerMsMax: SHORT_MS },
      ));

    test('does not keep the kill switch from the exchange, nor the process from ending', () =>
      onStage(
        server,
        async ({ wire, house }) => {
          const life = await house.begin();
          await house.next(life.desk);
          wire.fallSilent();
          const hanging = life.desk.intend('other');
          hanging.catch(() => {});
          await house.expectKilled(life, [idOf('next', 'ENTRY')]);
          await life.end();
          await expect(hanging).rejects.toThrow('no answer came');
        },
        { answerMsMax: SHORT_MS },
      ));
  });

  describe.concurrent('whose connection is cut at a COMMIT', () => {
    test.each([
      ['that the server never got', 'LOST', 'SENT'],
      ['that the server kept', 'KEPT', 'GIVEN_UP'],
    ] as const)('%s guesses nothing and sends nothing', (_, how, next) =>
      onStage(server, async ({ wire, house }) => {
        const life = await house.begin();
        wire.cutCommitOf('order.submitting', how);
        await house.expectStandstill(life, /^The database failed: Connection terminated/);
        expect(wire.hasCut).toBe(true);
        await house.expectRecovery(next);
      }),
    );

    test('that made an approval durable neither loses nor repeats it', () =>
      onStage(server, async ({ wire, house }) => {
        const life = await house.open();
        const proposal = await life.desk.request(life.desk.proposal('next'));
        wire.cutCommitOf('approval.decided', 'KEPT');
        await expect(life.desk.decide(proposal)).rejects.toThrow('The database failed');
        expect(wire.hasCut).toBe(true);
        await life.end();
        const next = await house.open();
        expect(await next.desk.decide(proposal)).toMatchObject({
          kind: 'ALREADY',
          status: 'APPROVED',
        });
        expect(await next.desk.eventsOf('approval.decided')).toHaveLength(1);
      }));
  });

  describe.concurrent('that was made read-only', () => {
    test('sends nothing more, also when it is started again, until it may be written', () =>
      onStage(server, async ({ own, house }) => {
        const life = await house.begin();
        await onServer(server, (client) =>
          client.query(
            `ALTER DATABASE ${own.name} SET default_transaction_read_only = on;
           SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${own.name}'`,
          ),
        );
        await house.expectStandstill(life, /^The database failed: .*(read-only|terminat)/);
        await house.expectKilled(life);
        await life.end();
        await expect(house.open()).rejects.toThrow(
          /^The database failed: cannot execute .+ in a read-only transaction$/,
        );
        await onServer(server, (client) =>
          client.query(`ALTER DATABASE ${own.name} RESET default_transaction_read_only`),
        );
        await house.expectRecovery();
      }));
  });

  describe.concurrent('that two processes want', () => {
    const rival = ({ url }: OwnDatabase) =>
      runScript('leader.ts', JSON.stringify({ url, schema: SCHEMA }));

    test('refuses the second in one sentence, and the first trades on', () =>
      onStage(server, async ({ own, house }) => {
        const life = await house.begin();
        const second = rival(own);
        expect(await second.heard()).toMatch(
          /^stopped: PostgreSQL at .+ cannot be used: another Plimsoll is writing to this database; stop it first, or only read\.$/,
        );
        expect(await second.ended).toBe(1);
        expect(await house.next(life.desk)).toEqual({ kind: 'SENT' });
      }));

    test('obeys the second alone once the first has lost its place', () =>
      onStage(server, async ({ own, house }) => {
        const life = await house.begin();
        await onServer(own.url, (client) =>
          client.query(
            `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          ),
        );
        const second = rival(own);
        try {
          expect(await second.heard()).toBe('leads 2');
          second.say('append');
          expect(await second.heard()).toMatch(/^appended/);
          await house.expectStandstill(
            life,
            /^Another Plimsoll \(.+\) took over with epoch 2; this one led epoch 1 and must stop\.$/,
          );
          second.say('close');
          expect(await second.heard()).toBe('closed');
        } finally {
          second.signal('SIGKILL');
          await second.ended;
        }
        await house.expectRecovery();
      }));
  });
});
