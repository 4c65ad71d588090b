import type { StateView } from '../../../api/views.ts';
import { Badge } from './badge.tsx';

const DECIDES = {
  GUIDE: 'A person approves each proposal.',
  AUTONOMOUS: 'A lease lets proposals through inside its bounds.',
} as const;
const ORDERS = {
  SIMULATION: 'Orders go to a simulated venue; no money moves.',
  PAPER: 'Orders fill on a real market’s prices, by a model; no money moves.',
  LIVE: 'Orders go to a real venue with real money.',
} as const;
const TRADING = {
  ACTIVE: 'Entries and exits are allowed.',
  REDUCING: 'Only exits are allowed.',
  HALTED: 'Trading is halted.',
} as const;
const ORDERS_TONE = { SIMULATION: 'info', PAPER: 'good', LIVE: 'bad' } as const;
const TRADING_TONE = { ACTIVE: 'good', REDUCING: 'warn', HALTED: 'bad' } as const;

/** Who decides, where orders go, and whether anything may be opened at all. */
export function ModeBadges({ server }: { readonly server: StateView }) {
  const { decisionMode, venueMode, tradingState, tradingStateBecause, rehearsal } = server;
  return (
    <ul className="badges" aria-label="Modes">
      <Badge name="decides" value={decisionMode} tone="plain" title={DECIDES[decisionMode]} />
      <Badge
        name="orders to"
        value={venueMode}
        tone={ORDERS_TONE[venueMode]}
        title={ORDERS[venueMode]}
      />
      <Badge
        name="trading"
        value={tradingState}
        tone={TRADING_TONE[tradingState]}
        title={tradingStateBecause ?? TRADING[tradingState]}
      />
      {rehearsal !== null && (
        <Badge name="rehearsing" value={rehearsal.name} tone="warn" title={rehearsal.says} />
      )}
    </ul>
  );
}
