import { useRef } from 'react';
import type { ApprovalView } from '../../../api/views.ts';
import { usePage } from '../state/page.ts';
import type { Settled } from '../state/page-state.ts';
import { waiting } from '../state/proposals.ts';
import { AgentsNow } from './agents-now.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { Panel } from './panel.tsx';
import { SettledCard } from './settled-card.tsx';
import { Skeleton } from './skeleton.tsx';
import { useCardKeys } from './use-card-keys.ts';

type Item =
  | { readonly approval: ApprovalView; readonly settled: null }
  | { readonly approval: ApprovalView; readonly settled: Settled };

/** A result keeps the place its card had. */
const inPlace = (pending: readonly ApprovalView[], settled: readonly Settled[]): readonly Item[] =>
  [
    ...pending.map((approval): Item => ({ approval, settled: null })),
    ...settled.map((ending): Item => ({ approval: ending.approval, settled: ending })),
  ].sort((a, b) => a.approval.createdAtMs - b.approval.createdAtMs);

export function ProposalsPanel() {
  const server = usePage((state) => state.server);
  const settled = usePage((state) => state.settled);
  const list = useRef<HTMLDivElement>(null);
  useCardKeys(list);
  const pending = waiting({ server, settled });
  const aside =
    pending.length === 0 ? undefined : (
      <span className="count-waiting num" role="status">
        {pending.length} waiting
      </span>
    );
  return (
    <Panel title="Proposals" aside={aside} className="proposals">
      <div ref={list} className="cards">
        {server === null ? (
          <Skeleton lines={7} />
        ) : (
          inPlace(pending, settled).map((item) =>
            item.settled === null ? (
              <ApprovalCard key={item.approval.id} approval={item.approval} server={server} />
            ) : (
              <SettledCard
                key={item.approval.id}
                settled={item.settled}
                pricePlaces={server.market.pricePlaces}
              />
            ),
          )
        )}
        {server !== null && pending.length === 0 && <AgentsNow server={server} />}
      </div>
    </Panel>
  );
}
