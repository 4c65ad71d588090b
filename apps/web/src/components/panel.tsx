import { type ReactNode, useId } from 'react';

interface Props {
  readonly title: string;
  /** Small controls or facts to the right of the title. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** One section of the page, named by its heading. */
export function Panel({ title, aside, className = '', testId, children }: Props) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={id} data-testid={testId}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div className="panel-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}
