interface Props {
  /** What the badge is about, in a word or two. */
  readonly name: string;
  readonly value: string;
  readonly tone: 'plain' | 'info' | 'good' | 'warn' | 'bad';
  readonly title: string;
}

/** A fact of the header: its name in small, its value in strong. */
export const Badge = ({ name, value, tone, title }: Props) => (
  <li className={`badge badge-${tone}`} title={title}>
    <span className="badge-name">{name}</span> <strong>{value}</strong>
  </li>
);
