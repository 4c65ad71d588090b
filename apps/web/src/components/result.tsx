import { formatSigned, toneOf } from '../format/amount.ts';

interface Props {
  readonly amount: string;
  readonly places: number;
  readonly unit?: string;
}

/** A gain or a loss: sign first, colour second. */
export const Result = ({ amount, places, unit }: Props) => (
  <span className={`num tone-${toneOf(amount)}`}>
    {formatSigned(amount, places)}
    {unit !== undefined && <span className="unit"> {unit}</span>}
  </span>
);
