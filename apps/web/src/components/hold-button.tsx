import type { ReactNode } from 'react';
import { useHold } from './use-hold.ts';

interface Props {
  readonly label: string;
  readonly className: string;
  readonly testId: string;
  readonly title?: string;
  /** The control that a dialog begins with. */
  readonly first?: boolean;
  readonly onHeld: () => void;
  readonly onShort: () => void;
  readonly onPress: () => void;
  readonly children: ReactNode;
}

/** Fills up while it is held, and acts once it is full. */
export function HoldButton(props: Props) {
  const { label, className, testId, title, first = false, children } = props;
  const { share, handlers } = useHold(props);
  return (
    <button
      type="button"
      className={`hold ${className}`}
      data-testid={testId}
      data-first={first ? '' : undefined}
      aria-label={label}
      title={title}
      {...handlers}
    >
      <span className="hold-fill" style={{ width: `${share * 100}%` }} aria-hidden="true" />
      <span className="hold-words">{children}</span>
    </button>
  );
}
