import { register } from '../state/loosen.ts';
import { Failure } from './failure.tsx';
import { Field } from './field.tsx';
import { useForm } from './use-form.ts';

/** The first step when nobody is registered: a name to answer for what follows. */
export function RegisterForm({ onRegistered }: { readonly onRegistered: (name: string) => void }) {
  const { busy, failure, onSubmit } = useForm(async (said) => {
    if (said('password') !== said('again')) throw new Error('The two passwords differ.');
    const name = said('name').trim();
    await register(name, said('password'));
    onRegistered(name);
  });
  return (
    <form className="form" onSubmit={onSubmit}>
      <p>
        Nobody is registered yet. Trading is loosened only by a named person with a password; the
        name stands in the record for good.
      </p>
      <Field
        label="Name"
        name="name"
        autoComplete="username"
        maxLength={40}
        autoFocus
        hint="Letters, digits, dot, dash or underscore."
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
        hint="At least 12 characters."
      />
      <Field
        label="Password again"
        name="again"
        type="password"
        autoComplete="new-password"
        maxLength={200}
      />
      <Failure failure={failure} />
      <div className="buttons">
        <button type="submit" className="button button-primary" disabled={busy}>
          {busy ? 'Registering…' : 'Register'}
        </button>
      </div>
    </form>
  );
}
