import type { ReactNode } from 'react';
import { formatAge } from '../format/duration.ts';
import { feedAgeMs, isFeedStale } from '../state/feed-age.ts';
import { usePage } from '../state/page.ts';
import type { Connection } from '../state/page-state.ts';
import { useWallClock } from '../state/wall-clock.ts';
import { Icon } from './icon.tsx';

const Banner = ({
  tone,
  children,
}: {
  readonly tone: 'bad' | 'warn' | 'info';
  readonly children: ReactNode;
}) => (
  <div className={`banner banner-${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
    <Icon name={tone === 'info' ? 'clock' : 'warning'} />
    <p>{children}</p>
  </div>
);

type Lost = Extract<Connection, { readonly status: 'LOST' }>;

/** The clock ticks only while the connection is lost, and outside the alert's announced words. */
function LostBanner({ lost }: { readonly lost: Lost }) {
  const now = useWallClock(500);
  const heardAtMs = usePage((state) => state.heardAtMs);
  const retry = Math.max(0, Math.ceil((lost.retryAtMs - now) / 1_000));
  return (
    <Banner tone="bad">
      <strong>{heardAtMs === null ? 'The server cannot be reached' : 'Connection lost'}</strong>
      <span aria-live="off" className="num">
        {heardAtMs === null
          ? '. Nothing is shown yet.'
          : `, showing data from ${formatAge(now - heardAtMs)} ago. Approving is off until it is back.`}
        {retry === 0 ? ' Trying again now.' : ` Trying again in ${retry} s.`}
      </span>
    </Banner>
  );
}

function StaleBanner() {
  const server = usePage((state) => state.server);
  const price = usePage((state) => state.price);
  if (server === null) return null;
  const ageMs = feedAgeMs(server.market, price);
  if (ageMs === null || !isFeedStale(server.market, ageMs)) return null;
  return (
    <Banner tone="warn">
      <strong>The feed is stale.</strong> The last price is {formatAge(ageMs)} old on the market’s
      clock; the kernel denies entries on old prices.
    </Banner>
  );
}

/** What a person must know before believing anything else on the page. */
export function Banners() {
  const connection = usePage((state) => state.connection);
  const broken = usePage((state) => state.server?.journal.broken ?? null);
  const ended = usePage((state) => state.server?.market.ended ?? false);
  const stopped = usePage((state) => state.server?.market.stopped ?? null);
  return (
    <div className="banners">
      {connection.status === 'LOST' ? <LostBanner lost={connection} /> : <StaleBanner />}
      {broken !== null && (
        <Banner tone="bad">
          <strong>The journal does not verify.</strong> {broken}
        </Banner>
      )}
      {stopped !== null && (
        <Banner tone="bad">
          <strong>The market stopped.</strong> {stopped}. Restart Plimsoll to go on from the
          journal.
        </Banner>
      )}
      {ended && (
        <Banner tone="info">
          <strong>The recording is over.</strong> Nothing moves any more; everything stays readable.
        </Banner>
      )}
    </div>
  );
}
