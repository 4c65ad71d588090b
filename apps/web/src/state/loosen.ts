/** What a named person asks of the server with a password; every answer is a sentence. */
import type { StateView } from '../../../api/views.ts';
import { NoAnswer, postEnable, postInstrument, postOperator, postTradingState } from './api.ts';
import { loadState } from './load.ts';

export interface Signature {
  readonly name: string;
  readonly password: string;
  readonly reason: string;
}

type TradingState = StateView['tradingState'];

/** The state one step looser; null when there is none. */
export const oneStepLooser = (state: TradingState): 'REDUCING' | 'ACTIVE' | null =>
  state === 'HALTED' ? 'REDUCING' : state === 'REDUCING' ? 'ACTIVE' : null;

const SILENCE =
  'The server did not answer, so it is not known whether this arrived. ' +
  'The page shows what holds as soon as the connection is back.';

/** Asks, and looks at once what holds now; a look that fails is the stream's to notice. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    const told = await answer;
    await loadState().catch(() => undefined);
    return told;
  } catch (error) {
    throw error instanceof NoAnswer ? new Error(SILENCE, { cause: error }) : error;
  }
}

export async function register(name: string, password: string): Promise<void> {
  await asked(postOperator({ name, password }));
}

export async function resumeTrading(
  to: 'REDUCING' | 'ACTIVE',
  signature: Signature,
  rebasePeak: boolean,
): Promise<string> {
  const { sentence } = await asked(postTradingState({ to, ...signature, rebasePeak }));
  return sentence;
}

export async function enableStrategy(id: string, signature: Signature): Promise<string> {
  const { sentence } = await asked(postEnable(id, signature));
  return sentence;
}

export async function resumeInstrument(
  instrumentId: string,
  signature: Signature,
): Promise<string> {
  const { sentence } = await asked(postInstrument({ instrumentId, ...signature }));
  return sentence;
}
