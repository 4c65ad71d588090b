import type { StateView } from '../../../api/views.ts';
import { formatAge } from '../format/duration.ts';
import { shortHash } from '../format/text.ts';
import { feedAgeMs, isFeedStale } from '../state/feed-age.ts';
import { usePage } from '../state/page.ts';
import { Icon } from './icon.tsx';

const kindOf = ({ synthetic, live }: StateView['market']): string =>
  synthetic ? 'SYNTHETIC MARKET' : live ? 'LIVE PRICES' : 'REPLAY';

/** Where the prices come from, how fast their clock runs, how old the last one is. */
export function MarketFacts({ server }: { readonly server: StateView }) {
  const price = usePage((state) => state.price);
  const { market, limitsHash } = server;
  const ageMs = feedAgeMs(market, price);
  const stale = isFeedStale(market, ageMs);
  return (
    <ul className="facts" aria-label="Market source">
      <li className={market.synthetic ? 'fact fact-synthetic' : 'fact'}>
        <strong>{kindOf(market)}</strong> {market.source}
      </li>
      {market.synthetic && (
        <li className="fact num" title="Market seconds in one real second">
          ×{market.speed}
        </li>
      )}
      <li
        className={stale ? 'fact fact-warn num' : 'fact num'}
        title="Age of the last price on the market’s clock"
      >
        {stale && <Icon name="warning" />}
        feed {ageMs === null ? '—' : formatAge(ageMs)}
      </li>
      <li className="fact" title={`The kernel's limits, as a hash: ${limitsHash}`}>
        limits <code>{shortHash(limitsHash)}</code>
      </li>
    </ul>
  );
}
