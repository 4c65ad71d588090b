import { describe, expect, test } from 'vitest';
import { RecordBroken } from '../../ledger/checkpoints/checkpointer.ts';
import { Schedule } from './signing.ts';

const TAMPERED = new RecordBroken({ fault: 'HASH', seq: 7, sentence: 'Event 7 was changed.' });

/** A schedule by a clock that is moved by hand; what is asked of it is written down. */
class Desk {
  nowMs = 1_000_000;
  sinceSigned = 0;
  sinceState = 0;
  fails: unknown;
  /** Whether each signature was to have a snapshot. */
  readonly signed: boolean[] = [];
  readonly doubts: string[] = [];
  readonly faults: unknown[] = [];
  rests = 0;
  /** Until it is let go, a signature is under way. */
  hold: Promise<void> | undefined;
  doubt: () => Promise<void> = async () => {};
  readonly schedule = new Schedule({
    checkpointer: this,
    runtime: this,
    now: () => this.nowMs,
    onFault: (error) => void this.faults.push(error),
  });

  async sign(state: boolean): Promise<void> {
    this.signed.push(state);
    await this.hold;
    if (this.fails !== undefined) throw this.fails;
  }

  async atRest<T>(work: () => T | Promise<T>): Promise<T> {
    this.rests += 1;
    return work();
  }

  doubtRecord(because: string): Promise<void> {
    this.doubts.push(because);
    return this.doubt();
  }

  async later(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.schedule.look();
  }
}

describe('a checkpoint is signed', () => {
  test('every minute, and not before', async () => {
    const desk = new Desk();
    await desk.later(59_999);
    expect(desk.signed).toEqual([]);
    await desk.later(1);
    expect(desk.signed).toEqual([false]);
    await desk.later(59_999);
    expect(desk.signed).toEqual([false]);
    await desk.later(1);
    expect(desk.signed).toEqual([false, false]);
  });

  test('at once after a thousand events', async () => {
    const desk = new Desk();
    desk.sinceSigned = 999;
    await desk.later(0);
    expect(desk.signed).toEqual([]);
    desk.sinceSigned = 1_000;
    await desk.later(0);
    expect(desk.signed).toEqual([false]);
  });

  test('with a snapshot after twenty thousand, and then only at rest', async () => {
    const desk = new Desk();
    desk.sinceState = 19_999;
    await desk.later(60_000);
    expect([desk.signed, desk.rests]).toEqual([[false], 0]);
    desk.sinceState = 20_000;
    await desk.later(60_000);
    expect([desk.signed, desk.rests]).toEqual([[false, false, true], 1]);
  });

  test('beside a cycle that hangs, so that nothing is ever at rest', async () => {
    const desk = new Desk();
    desk.atRest = () => {
      desk.rests += 1;
      return new Promise(() => {});
    };
    desk.sinceState = 20_000;
    for (let minute = 0; minute < 3; minute++) await desk.later(60_000);
    expect([desk.signed, desk.rests]).toEqual([[false, false, false], 1]);
  });

  test('one at a time, however long it takes', async () => {
    const desk = new Desk();
    let letGo = (): void => {};
    desk.hold = new Promise((resolve) => (letGo = resolve));
    const first = desk.later(60_000);
    await desk.later(60_000);
    await desk.later(60_000);
    expect(desk.signed).toHaveLength(1);
    letGo();
    await first;
    await desk.later(0);
    expect(desk.signed).toHaveLength(2);
  });

  test('also after the clock was set back', async () => {
    const desk = new Desk();
    await desk.later(60_000);
    await desk.later(-3_600_000);
    expect(desk.signed).toHaveLength(2);
    await desk.later(59_999);
    expect(desk.signed).toHaveLength(2);
    await desk.later(1);
    expect(desk.signed).toHaveLength(3);
  });
});

describe('when it cannot be signed', () => {
  test('three times in a row the record is doubted, and every time is told', async () => {
    const desk = new Desk();
    desk.fails = new Error('no space left on device');
    await desk.later(60_000);
    await desk.later(60_000);
    expect(desk.doubts).toEqual([]);
    await desk.later(60_000);
    expect(desk.doubts).toEqual(['checkpoints cannot be signed: no space left on device']);
    expect(desk.faults).toHaveLength(3);
  });

  test('and then can, the count begins anew', async () => {
    const desk = new Desk();
    const full = new Error('full');
    for (const fails of [full, full, undefined, full, full]) {
      desk.fails = fails;
      await desk.later(60_000);
    }
    expect(desk.doubts).toEqual([]);
    desk.fails = full;
    await desk.later(60_000);
    expect(desk.doubts).toHaveLength(1);
  });

  test('because the record is broken, it is doubted at once and never signed again', async () => {
    const desk = new Desk();
    desk.fails = TAMPERED;
    await desk.later(60_000);
    expect(desk.doubts).toEqual(['Event 7 was changed.']);
    desk.fails = undefined;
    desk.sinceSigned = 5_000;
    await desk.later(600_000);
    expect(desk.signed).toHaveLength(1);
    expect(desk.doubts).toHaveLength(1);
  });

  test('and the doubt cannot be written down either, that is told and nothing else falls', async () => {
    const desk = new Desk();
    desk.fails = TAMPERED;
    desk.doubt = () => Promise.reject(new Error('the ledger is broken'));
    await expect(desk.later(60_000)).resolves.toBeUndefined();
    expect(desk.faults).toEqual([TAMPERED, new Error('the ledger is broken')]);
  });
});
