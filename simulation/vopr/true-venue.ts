import type { Instrument } from '../../domain/instrument.ts';
import type { InstrumentId } from '../../domain/ids.ts';
import { type Money, money, type Price, text } from '../../domain/units.ts';
import type { VenueReport } from '../../execution/venue.ts';
import { Exchange } from '../exchange.ts';
import { LIVE_MODELS, type Models, PLAIN_MODELS } from '../models.ts';
import type { SimulatedVenue } from '../simulated-venue.ts';
import type { FillWords } from './auditor/testimony.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Witness } from './witness.ts';

export interface TrueVenueParts {
  readonly time: VirtualTime;
  readonly witness: Witness;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  readonly currency: string;
  readonly cash: Money;
  readonly seed: number;
  readonly thin: boolean;
}

const THIN = { least: money('150'), most: money('2000') };

/** So little is offered at each price that most orders fill in parts. */
const THIN_MODELS: Models = {
  ...LIVE_MODELS,
  depth: { CRYPTO: THIN, FX: THIN, METAL: THIN, EQUITY: THIN },
};

/** The one exchange that every process trades on, with a witness who sees what it really does. */
export class TrueVenue {
  readonly exchange: Exchange;
  readonly #witness: Witness;
  readonly #clients: SimulatedVenue[] = [];
  #heard = 0;

  constructor(parts: TrueVenueParts) {
    const { time, witness, instruments, currency, cash, seed, thin } = parts;
    this.#witness = witness;
    const models = thin ? THIN_MODELS : PLAIN_MODELS;
    this.exchange = new Exchange({ instruments, currency, cash, seed, clock: time.clock, models });
  }

  join(client: SimulatedVenue): void {
    this.#clients.push(client);
  }

  print(instrumentId: InstrumentId, at: Price): void {
    // What a process sent before it ended is on its way all the same.
    for (const client of this.#clients) client.deliver();
    this.watch();
    this.#witness.hear({ kind: 'PRICE', instrumentId, price: text(at) });
    this.exchange.print(instrumentId, at);
    this.watch();
  }

  /** Tells the witness what happened since it was last told. */
  watch(): void {
    for (const { seq, report } of this.exchange.reportsAfter(this.#heard)) {
      this.#heard = seq;
      this.#tell(report);
    }
  }

  tellAccount(): void {
    const { cash, positions } = this.exchange.balances();
    const held = [...positions].map(([id, amount]) => [id, text(amount)] as const);
    this.#witness.hear({
      kind: 'ACCOUNT',
      cash: text(cash),
      positions: Object.fromEntries(held),
    });
  }

  #tell(report: VenueReport): void {
    switch (report.kind) {
      case 'ACCEPTED':
        return this.#witness.hear({ kind: 'PLACED', orderId: report.clientId });
      case 'FILL':
        return this.#witness.hear({ kind: 'TRADED', ...fillWords(report) });
      default: {
        const how = `${report.kind}, ${report.because}`;
        return this.#witness.hear({ kind: 'ENDED', orderId: report.clientId, how });
      }
    }
  }
}

const fillWords = (fill: Extract<VenueReport, { kind: 'FILL' }>): FillWords => ({
  fillId: fill.fillId,
  orderId: fill.clientId,
  instrumentId: fill.instrumentId,
  side: fill.side,
  quantity: text(fill.quantity),
  price: text(fill.price),
  fee: text(fill.fee),
});
