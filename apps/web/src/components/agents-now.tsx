import type { StateView } from '../../../api/views.ts';
import { formatDense } from '../format/instant.ts';
import { plural } from '../format/text.ts';
import { phaseWords } from '../format/words.ts';

/** Nothing waits: what the agents do meanwhile, and what would bring a proposal here. */
export function AgentsNow({ server }: { readonly server: StateView }) {
  const { phase, agents, counts, market } = server;
  return (
    <div className="empty">
      <p>
        <strong>Nothing waits for you.</strong> Now: {phaseWords(phase)}.
      </p>
      <p className="muted">
        A proposal appears when a strategy finds a set-up on a closed {market.timeframe} bar, the
        Risk agent can size it, and the kernel clears it. So far: {plural(counts.cycles, 'cycle')},{' '}
        {plural(counts.proposals, 'proposal')}, {plural(counts.denials, 'denial')}.
      </p>
      <ul className="agents">
        {agents.map(({ name, lastStep, lastActiveMs }) => (
          <li key={name}>
            <span className="agent-name">{name}</span>
            <span className="agent-step">{lastStep}</span>
            <span className="num muted">
              {lastActiveMs === null ? '—' : formatDense(lastActiveMs).slice(6)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
