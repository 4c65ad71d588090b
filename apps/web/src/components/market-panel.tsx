import { useEffect, useMemo, useRef } from 'react';
import { readColours } from '../chart/chart-colours.ts';
import { createMarketChart, type MarketChart } from '../chart/market-chart.ts';
import { formatAmount } from '../format/amount.ts';
import { formatMinute } from '../format/instant.ts';
import { plural } from '../format/text.ts';
import { type ChartLevel, positionLevels, proposalLevels } from '../state/chart-levels.ts';
import { page, usePage } from '../state/page.ts';
import { inFocus, waiting } from '../state/proposals.ts';
import { openDecision } from '../state/route.ts';
import { onThemeChange } from '../state/theme.ts';
import { Panel } from './panel.tsx';
import { Skeleton } from './skeleton.tsx';

/** Opens the trace behind a fill; an order nobody decided in a cycle has none. */
function openFill(fillId: string): void {
  const fill = page.get().chart?.fills.find((known) => known.fillId === fillId);
  if (fill !== undefined && fill.cycleId !== null) openDecision(fill.cycleId);
}

/** Lines change rarely and are drawn anew each time, so they are compared by what they say. */
function useLevels(): readonly ChartLevel[] {
  const server = usePage((state) => state.server);
  const settled = usePage((state) => state.settled);
  const focusedId = usePage((state) => state.focusedApprovalId);
  const proposal = inFocus(waiting({ server, settled }), focusedId);
  const levels = [
    ...(server?.positions ?? [])
      .filter(({ instrumentId }) => instrumentId === server?.market.instrumentId)
      .flatMap(positionLevels),
    ...(proposal === null ? [] : proposalLevels(proposal)),
  ];
  const key = JSON.stringify(levels);
  return useMemo(() => JSON.parse(key) as readonly ChartLevel[], [key]);
}

function Canvas({
  pricePlaces,
  startingCash,
}: {
  readonly pricePlaces: number;
  readonly startingCash: number;
}) {
  const container = useRef<HTMLDivElement>(null);
  const chart = useRef<MarketChart>(null);
  const levels = useLevels();
  useEffect(() => {
    if (container.current === null) return;
    const made = createMarketChart(container.current, {
      colours: readColours(),
      pricePlaces,
      startingCash,
      onFill: openFill,
    });
    chart.current = made;
    const show = (): void => {
      const data = page.get().chart;
      if (data !== null) made.show(data);
    };
    show();
    const stopData = page.subscribe(show);
    const stopTheme = onThemeChange(() => made.colours(readColours()));
    return () => {
      stopData();
      stopTheme();
      chart.current = null;
      made.remove();
    };
  }, [pricePlaces, startingCash]);
  useEffect(() => chart.current?.levels(levels), [levels]);
  return <div ref={container} className="chart-canvas" />;
}

function LastPrice({
  pricePlaces,
  quote,
}: {
  readonly pricePlaces: number;
  readonly quote: string;
}) {
  const price = usePage((state) => state.price?.price ?? null);
  if (price === null) return null;
  return (
    <span className="last-price num">
      {formatAmount(price, pricePlaces)} <span className="unit">{quote}</span>
    </span>
  );
}

/** Candles with fills, the levels of what is held and proposed, and the equity below. */
export function MarketPanel() {
  const market = usePage((state) => state.server?.market ?? null);
  const startingCash = usePage((state) => state.server?.account.startingCash ?? '0');
  const fills = usePage((state) => state.chart?.fills.length ?? null);
  const isLoaded = usePage((state) => state.chart !== null);
  const aside = market !== null && (
    <>
      <span className="muted num market-time">{formatMinute(market.nowMs)} UTC</span>
      <span
        className="fills num"
        data-testid="chart-fill-count"
        title="Click an arrow for its trace"
      >
        {fills === null ? '—' : plural(fills, 'fill')}
      </span>
      <LastPrice pricePlaces={market.pricePlaces} quote={market.quote} />
    </>
  );
  const title = market === null ? 'Market' : `${market.instrumentId} ${market.timeframe}`;
  return (
    <Panel title={title} aside={aside} className="market">
      <div className="chart" role="group" aria-label={`Chart of ${title} with fills and equity`}>
        {market !== null && isLoaded ? (
          <Canvas
            key={`${market.pricePlaces} ${startingCash}`}
            pricePlaces={market.pricePlaces}
            startingCash={Number(startingCash)}
          />
        ) : (
          <Skeleton lines={8} />
        )}
      </div>
    </Panel>
  );
}
