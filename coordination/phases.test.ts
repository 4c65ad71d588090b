import { describe, expect, test } from 'vitest';

import { ManualClock } from '../domain/clock.ts';
import { type Phase, PHASES } from '../domain/event.ts';
import { type CycleId, cycleId, instrumentId } from '../domain/ids.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { memoryLedger } from '../ledger/memory-ledger.ts';
import { IllegalPhase, isOver, phaseMover } from './phases.ts';

/** Written out a second time, so that a change of the table has to be made twice to go unnoticed. */
const EXPECTED: Readonly<Record<Phase, string>> = {
  IDLE: 'INITIALIZING',
  INITIALIZING: 'STRATEGY_ANALYSIS HALTED FAILED',
  STRATEGY_ANALYSIS: 'RISK_VALIDATION COMPLETED HALTED FAILED',
  RISK_VALIDATION: 'AWAITING_APPROVAL COMPLETED HALTED FAILED',
  AWAITING_APPROVAL: 'EXECUTION COMPLETED HALTED FAILED',
  EXECUTION: 'MONITORING COMPLETED HALTED FAILED',
  MONITORING: 'COMPLETED HALTED FAILED',
  COMPLETED: '',
  FAILED: '',
  HALTED: '',
};
const CYCLE = cycleId('cycle-1');

const PAIRS = PHASES.flatMap((from) =>
  PHASES.map((to) => ({ from, to, legal: EXPECTED[from].split(' ').includes(to) })),
);

const ledgerAt = (): Ledger => memoryLedger({ clock: new ManualClock(1_000) });
const typesIn = async (ledger: Ledger): Promise<string[]> =>
  (await ledger.read(0, 100)).map(({ event }) => event.type);

describe.each(PAIRS)('from $from to $to', ({ from, to, legal }) => {
  test(legal ? 'moves, and says so in the journal' : 'is refused, naming both', async () => {
    const ledger = ledgerAt();
    const move = phaseMover(ledger, () => from).move(CYCLE, to);
    if (legal) {
      await move;
      const [recorded] = await ledger.read(0, 1);
      expect(recorded?.event).toMatchObject({
        type: 'cycle.phase-moved',
        actor: { kind: 'AGENT', name: 'supervisor' },
        correlationId: CYCLE,
        body: { cycleId: CYCLE, from, to },
      });
    } else {
      await expect(move).rejects.toThrow(IllegalPhase);
      await expect(move).rejects.toThrow(`cycle cycle-1 is in ${from}; it cannot move to ${to}`);
      expect(await typesIn(ledger)).toEqual([]);
    }
  });
});

test('a cycle is over where no phase follows', () => {
  expect(PHASES.filter(isOver)).toEqual(['COMPLETED', 'FAILED', 'HALTED']);
});

describe('a cycle', () => {
  const opened = (phase: Phase): ReturnType<typeof phaseMover> =>
    phaseMover(ledgerAt(), () => phase);
  const open = (phase: Phase): Promise<void> =>
    opened(phase).open(CYCLE, instrumentId('BTC/USD'), 0);

  test('is opened once, from idle', async () => {
    await expect(open('IDLE')).resolves.toBeUndefined();
    for (const phase of PHASES.filter((one) => one !== 'IDLE')) {
      await expect(open(phase)).rejects.toThrow(
        `cycle cycle-1 is in ${phase}; it cannot move to INITIALIZING`,
      );
    }
  });

  test('is closed with its outcome and reason, and not twice', async () => {
    const ledger = ledgerAt();
    const phases = new Map<CycleId, Phase>([[CYCLE, 'EXECUTION']]);
    const mover = phaseMover(ledger, (cycle) => phases.get(cycle) ?? 'IDLE');
    expect(mover.phaseOf(CYCLE)).toBe('EXECUTION');
    expect(mover.phaseOf(cycleId('other'))).toBe('IDLE');
    await mover.close(CYCLE, 'HALTED', 'HALTED', 'the breaker');
    const [closed] = await ledger.read(0, 1);
    expect(closed?.event).toMatchObject({
      type: 'cycle.closed',
      body: { from: 'EXECUTION', to: 'HALTED', outcome: 'HALTED', because: 'the breaker' },
    });
    phases.set(CYCLE, 'HALTED');
    await expect(mover.close(CYCLE, 'COMPLETED', 'SENT', 'again')).rejects.toThrow(
      'cycle cycle-1 is in HALTED; it cannot move to COMPLETED',
    );
    expect(await typesIn(ledger)).toEqual(['cycle.closed']);
  });
});
