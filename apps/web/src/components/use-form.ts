import type { SubmitEvent } from 'react';
import { useAsking } from './use-asking.ts';

export interface Form {
  readonly busy: boolean;
  /** Why the last try failed, or null. */
  readonly failure: string | null;
  onSubmit(event: SubmitEvent<HTMLFormElement>): void;
}

/** What was typed into the field of a name. */
export type Said = (field: string) => string;

const PASSWORDS = 'input[type="password"]';

/** A form that asks the server something. A password leaves the page with the request and is not kept in it. */
export function useForm(send: (said: Said) => Promise<void>): Form {
  const { busy, failure, ask } = useAsking();
  return {
    busy,
    failure,
    onSubmit(event) {
      event.preventDefault();
      const form = event.currentTarget;
      const given = new FormData(form);
      ask(async () => {
        try {
          await send((field) => String(given.get(field) ?? ''));
        } finally {
          for (const password of form.querySelectorAll<HTMLInputElement>(PASSWORDS))
            password.value = '';
          form.querySelector<HTMLInputElement>(PASSWORDS)?.focus();
        }
      });
    },
  };
}
