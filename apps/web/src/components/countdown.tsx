import { formatCountdown } from '../format/duration.ts';
import { Icon } from './icon.tsx';

const URGENT_MS = 15_000;

export const Countdown = ({ leftMs }: { readonly leftMs: number | null }) =>
  leftMs === null ? (
    <span className="countdown">
      <Icon name="clock" /> market waits for you
    </span>
  ) : (
    <span className={leftMs < URGENT_MS ? 'countdown countdown-urgent num' : 'countdown num'}>
      <Icon name="clock" />
      {leftMs === 0 ? 'expired' : `${formatCountdown(leftMs)} left`}
    </span>
  );
