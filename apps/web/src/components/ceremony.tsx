import { type ReactNode, useState } from 'react';
import type { Signature } from '../state/loosen.ts';
import { page } from '../state/page.ts';
import { Icon } from './icon.tsx';
import { RegisterForm } from './register-form.tsx';
import { SignatureForm } from './signature-form.tsx';

interface Props {
  /** What is asked for now; null when there is nothing left to ask for. */
  readonly step: { readonly id: string; readonly action: string } | null;
  /** What holds when there is nothing left to ask for. */
  readonly done: string;
  /** Resolves to the sentence of what holds now. */
  readonly act: (signature: Signature) => Promise<string>;
  /** What the step will do. */
  readonly intro: ReactNode;
  /** Further choices, above the button. */
  readonly choices?: ReactNode;
}

const Done = ({ children }: { readonly children: ReactNode }) => (
  <>
    <p>{children}</p>
    <form method="dialog" className="buttons">
      <button type="submit" className="button" autoFocus>
        Close
      </button>
    </form>
  </>
);

/** How something is loosened: by a registered person, one step at a time, each step signed. */
export function Ceremony({ step, done, act, intro, choices }: Props) {
  // Asked once: a form must not give way to another while somebody types into it.
  const [hadOperator] = useState(() => page.get().server?.hasOperator ?? false);
  const [name, setName] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const sign = async (signature: Signature): Promise<void> => {
    // Remembered first: the form of the next step begins with it.
    setName(signature.name);
    setTold(null);
    setTold(await act(signature));
  };
  const registered = hadOperator || name !== '';
  return (
    <>
      {told !== null && (
        <p className="note note-good" role="status">
          <Icon name="check" /> {told}
        </p>
      )}
      {step === null && <Done>{done}</Done>}
      {step !== null && !registered && <RegisterForm onRegistered={setName} />}
      {step !== null && registered && (
        <>
          {intro}
          <SignatureForm key={step.id} action={step.action} name={name} sign={sign}>
            {choices}
          </SignatureForm>
        </>
      )}
    </>
  );
}
