import { formatAmount, formatExact } from '../format/amount.ts';
import { formatBps } from '../format/text.ts';
import { money, ratioBps } from '../../../../domain/units.ts';
import type { ApprovalView } from '../../../api/views.ts';

interface Props {
  readonly approval: ApprovalView;
  readonly pricePlaces: number;
  /** Equity while the proposal waits; null for one of the past, whose equity was another. */
  readonly equity: string | null;
}

/** What would be done and what it could cost, in the numbers the kernel judged. */
export function ProposalNumbers({ approval, pricePlaces, equity }: Props) {
  const { base, quote, quantity, notional, referencePrice, stop, target } = approval;
  const price = (text: string) => formatAmount(text, pricePlaces);
  const shareOfEquity =
    equity === null
      ? ''
      : `${formatBps(ratioBps(money(approval.lossAtStop), money(equity)))} of equity, `;
  return (
    <>
      <dl className="headline-numbers">
        <div>
          <dt>Size</dt>
          <dd className="num">
            {formatExact(quantity)} <span className="unit">{base}</span>
          </dd>
          <dd className="num second">
            {formatAmount(notional, 2)} <span className="unit">{quote}</span>
          </dd>
        </div>
        <div className="worst">
          <dt>Worst loss at the stop</dt>
          <dd className="num">
            {formatAmount(approval.lossAtStop, 2)} <span className="unit">{quote}</span>
          </dd>
          <dd className="num second">{shareOfEquity}before gap and fees</dd>
        </div>
      </dl>
      <dl className="level-numbers">
        <div>
          <dt>Stop</dt>
          <dd className="num tone-down">{price(stop)}</dd>
        </div>
        <div>
          <dt>Reference</dt>
          <dd className="num">{price(referencePrice)}</dd>
        </div>
        <div>
          <dt>Target</dt>
          <dd className="num tone-up">{price(target)}</dd>
        </div>
        <div>
          <dt>Reward : risk</dt>
          <dd className="num">{formatAmount(approval.rewardToRisk, 2)} R</dd>
        </div>
      </dl>
    </>
  );
}
