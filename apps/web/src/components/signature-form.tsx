import type { ReactNode } from 'react';
import type { Signature } from '../state/loosen.ts';
import { Failure } from './failure.tsx';
import { Field } from './field.tsx';
import { useForm } from './use-form.ts';

interface Props {
  /** What the button does, in its own words. */
  readonly action: string;
  /** The name to begin with. */
  readonly name: string;
  readonly sign: (signature: Signature) => Promise<void>;
  /** Further choices, above the button. */
  readonly children?: ReactNode;
}

/** Name, password and reason: what it takes to make something looser. */
export function SignatureForm({ action, name, sign, children }: Props) {
  const { busy, failure, onSubmit } = useForm((said) =>
    sign({
      name: said('name').trim(),
      password: said('password'),
      reason: said('reason').trim(),
    }),
  );
  return (
    <form className="form" onSubmit={onSubmit}>
      <div className="field-pair">
        <Field
          label="Name"
          name="name"
          autoComplete="username"
          maxLength={40}
          defaultValue={name}
          autoFocus={name === ''}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          maxLength={200}
          autoFocus={name !== ''}
        />
      </div>
      <Field
        label="Reason"
        name="reason"
        autoComplete="off"
        maxLength={500}
        hint="What you looked at, and why it is right to go on. It is recorded."
      />
      {children}
      <Failure failure={failure} />
      <div className="buttons">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'Asking…' : action}
        </button>
      </div>
    </form>
  );
}
