import { AccountStrip } from './components/account-strip.tsx';
import { Banners } from './components/banners.tsx';
import { DecisionsPanel } from './components/decisions-panel.tsx';
import { JournalPanel } from './components/journal-panel.tsx';
import { LimitsPanel } from './components/limits-panel.tsx';
import { MarketPanel } from './components/market-panel.tsx';
import { PageHeader } from './components/page-header.tsx';
import { PositionsPanel } from './components/positions-panel.tsx';
import { ProposalsPanel } from './components/proposals-panel.tsx';
import { StrategiesPanel } from './components/strategies-panel.tsx';
import { TraceDrawer } from './components/trace-drawer.tsx';
import { TradingBanner } from './components/trading-banner.tsx';
import { TroublePanel } from './components/trouble-panel.tsx';

/** One page: what moves and what was decided to the left, what waits and what binds to the right. */
export const App = () => (
  <>
    <div className="top">
      <PageHeader />
      <Banners />
    </div>
    <main className="page">
      <TradingBanner />
      <TroublePanel />
      <AccountStrip />
      <div className="column column-main">
        <MarketPanel />
        <PositionsPanel />
        <StrategiesPanel />
        <DecisionsPanel />
        <JournalPanel />
      </div>
      <div className="column column-side">
        <ProposalsPanel />
        <LimitsPanel />
      </div>
    </main>
    <TraceDrawer />
  </>
);
