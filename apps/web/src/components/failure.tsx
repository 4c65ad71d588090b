import { Icon } from './icon.tsx';

/** Why something asked for did not happen, where it was asked for. */
export const Failure = ({ failure }: { readonly failure: string | null }) =>
  failure === null ? null : (
    <p className="note note-bad" role="alert">
      <Icon name="warning" /> {failure}
    </p>
  );
