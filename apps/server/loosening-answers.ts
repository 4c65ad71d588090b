/** How a named person loosens what was latched: the password first, then the runtime's own judgement. */
import type {
  ConfirmedPerson,
  Credentials,
  Operators,
  Refusal,
  RefusalReason,
} from '../../coordination/operators.ts';
import { instrumentId, strategyId } from '../../domain/ids.ts';
import type { LooseningOutcome } from '../../execution/loosening.ts';
import type {
  EnableRequest,
  InstrumentRequest,
  LooseningResult,
  OperatorRequest,
  OperatorResult,
  TradingStateRequest,
} from '../api/views.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { HaltFile } from './halt/halt-file.ts';
import { fromLedger } from './from-ledger.ts';
import {
  BadRequest,
  Conflict,
  Forbidden,
  NotFound,
  TooManyRequests,
  Unauthorized,
} from './http/refusals.ts';

/** Methods reject with one of `LOOSENING_REFUSALS`; any other rejection is a fault of ours. */
export class LooseningAnswers {
  readonly #runtime: Runtime;
  readonly #operators: Operators;
  readonly #haltFile: HaltFile;

  constructor(runtime: Runtime, operators: Operators, haltFile: HaltFile) {
    this.#runtime = runtime;
    this.#operators = operators;
    this.#haltFile = haltFile;
  }

  async addOperator({ name, password, sponsor }: OperatorRequest): Promise<OperatorResult> {
    const vouching = sponsor && credentials(sponsor);
    const outcome = await fromLedger(() => this.#operators.add(name, password ?? '', vouching));
    if ('refused' in outcome) throw refusalOf(outcome);
    return outcome;
  }

  async loosen(request: TradingStateRequest): Promise<LooseningResult> {
    if (this.#haltFile.isPresent()) throw stoppedBy(this.#haltFile);
    const { to, rebasePeak = false, reason } = request;
    const { tradingState } = this.#runtime.parts.book;
    const person = await this.#confirm(request, `${tradingState} → ${to}`);
    return this.#done(() => this.#runtime.loosen(person, { to, rebasePeak, because: reason }));
  }

  async enableStrategy(id: string, request: EnableRequest): Promise<LooseningResult> {
    const person = await this.#confirm(request, `enable ${id}`);
    return this.#done(() => this.#runtime.enableStrategy(person, strategyId(id), request.reason));
  }

  async resumeInstrument(request: InstrumentRequest): Promise<LooseningResult> {
    const { instrumentId: id, reason } = request;
    const person = await this.#confirm(request, `resume ${id}`);
    return this.#done(() => this.#runtime.resumeInstrument(person, instrumentId(id), reason));
  }

  async #confirm(request: EnableRequest, wanted: string): Promise<ConfirmedPerson> {
    const { name, password } = credentials(request);
    const person = await fromLedger(() => this.#operators.confirm(name, password, wanted));
    if ('refused' in person) throw refusalOf(person);
    if (request.reason.includes(password)) throw reasonHasPassword();
    return person;
  }

  async #done(act: () => Promise<LooseningOutcome>): Promise<LooseningResult> {
    const outcome = await fromLedger(act);
    if (outcome.kind === 'DONE') return { sentence: outcome.sentence };
    const { code, sentence: message } = outcome;
    throw code === 'STRATEGY_UNKNOWN'
      ? new NotFound({ code, message })
      : new Conflict({ code, message });
  }
}

const credentials = (sent: { name: string; password?: string }): Credentials => ({
  name: sent.name,
  password: sent.password ?? '',
});

const stoppedBy = ({ path }: HaltFile): Conflict =>
  new Conflict({
    code: 'HALT_FILE',
    message: `Everything stays stopped while the file ${path} is there; remove it, then resume.`,
  });

/** A reason is journaled, and what is journaled is never taken out again. */
const reasonHasPassword = (): BadRequest =>
  new BadRequest({
    code: 'REASON_HAS_PASSWORD',
    message: 'The reason contains the password and would be recorded; give it without.',
  });

const KINDS = {
  NAME_UNFIT: BadRequest,
  PASSWORD_UNFIT: BadRequest,
  PASSWORD_WRONG: Unauthorized,
  PASSWORD_MISSING: Forbidden,
  SPONSOR_MISSING: Forbidden,
  NAME_TAKEN: Conflict,
  NOBODY_REGISTERED: Conflict,
  TOO_MANY_ATTEMPTS: TooManyRequests,
} as const satisfies Record<RefusalReason, unknown>;

const refusalOf = ({ refused: code, sentence: message }: Refusal) =>
  new KINDS[code]({ code, message });
