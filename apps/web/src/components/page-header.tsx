import { usePage } from '../state/page.ts';
import { ConnectionBadge } from './connection-badge.tsx';
import { KillSwitch } from './kill-switch.tsx';
import { Mark } from './mark.tsx';
import { MarketFacts } from './market-facts.tsx';
import { ModeBadges } from './mode-badges.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

export function PageHeader() {
  const server = usePage((state) => state.server);
  return (
    <header className="header">
      <h1 className="brand">
        <Mark /> Plimsoll
      </h1>
      {server !== null && <ModeBadges server={server} />}
      {server !== null && <MarketFacts server={server} />}
      <div className="header-end">
        <KillSwitch />
        <ConnectionBadge />
        <ThemeToggle />
      </div>
    </header>
  );
}
