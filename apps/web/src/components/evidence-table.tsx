import type { ApprovalView } from '../../../api/views.ts';
import { formatAmount } from '../format/amount.ts';
import { formatMinute } from '../format/instant.ts';

/** Readings are doubles from indicators; five significant digits are as many as they deserve. */
function reading(value: number, unit: string, pricePlaces: number): string {
  if (unit === 'price') return formatAmount(value.toFixed(pricePlaces), pricePlaces);
  return Number.isInteger(value) ? String(value) : Number(value.toPrecision(5)).toString();
}

interface Props {
  readonly evidence: ApprovalView['evidence'];
  readonly pricePlaces: number;
}

export const EvidenceTable = ({ evidence, pricePlaces }: Props) => (
  <table className="table evidence">
    <caption className="visually-hidden">Evidence the thesis rests on</caption>
    <thead>
      <tr>
        <th scope="col">Evidence</th>
        <th scope="col" className="right">
          Reading
        </th>
        <th scope="col" className="right">
          Bar, UTC
        </th>
      </tr>
    </thead>
    <tbody>
      {evidence.map(({ id, label, value, unit, barTimeMs }) => (
        <tr key={id} title={id}>
          <td>{label}</td>
          <td className="right num">
            {reading(value, unit, pricePlaces)}
            {unit !== 'price' && <span className="unit"> {unit}</span>}
          </td>
          <td className="right num muted">{formatMinute(barTimeMs).slice(5)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
