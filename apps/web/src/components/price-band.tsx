import type { ApprovalView } from '../../../api/views.ts';
import { formatAmount } from '../format/amount.ts';
import { bandPlace } from '../state/price-band.ts';

interface Props {
  readonly approval: ApprovalView;
  readonly price: string;
  readonly pricePlaces: number;
}

const percent = (share: number): string => `${share * 100}%`;

/** The band in which an approval is good, with the price moving in it. */
export function PriceBand({ approval, price, pricePlaces }: Props) {
  const { bandLow, bandHigh, referencePrice } = approval;
  const { at, inside, low, high, reference } = bandPlace(price, bandLow, bandHigh, referencePrice);
  const written = (text: string) => formatAmount(text, pricePlaces);
  return (
    <div className={inside ? 'band' : 'band band-outside'}>
      <div className="band-title">
        <span>Price band</span>
        <strong className="num">
          {written(price)} {inside ? 'inside' : 'outside'}
        </strong>
      </div>
      <div className="band-track" aria-hidden="true">
        <span className="band-range" style={{ left: percent(low), width: percent(high - low) }} />
        <span className="band-reference" style={{ left: percent(reference) }} />
        <span className="band-price" style={{ left: percent(at) }} />
      </div>
      <div className="band-ends num" aria-hidden="true">
        <span style={{ left: percent(low) }}>{written(bandLow)}</span>
        <span style={{ left: percent(high) }}>{written(bandHigh)}</span>
      </div>
      <p className="visually-hidden">
        An approval is good between {written(bandLow)} and {written(bandHigh)}.
      </p>
    </div>
  );
}
