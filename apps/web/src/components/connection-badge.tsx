import { usePage } from '../state/page.ts';

const WORDS = {
  CONNECTING: 'connecting',
  LIVE: 'live',
  LOST: 'connection lost',
} as const;

export function ConnectionBadge() {
  const status = usePage((state) => state.connection.status);
  return (
    <span
      className={`connection connection-${status.toLowerCase()}`}
      data-testid="connection"
      role="status"
    >
      <span className="connection-dot" aria-hidden="true" />
      {WORDS[status]}
    </span>
  );
}
