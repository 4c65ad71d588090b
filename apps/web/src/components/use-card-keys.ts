import { type RefObject, useEffect } from 'react';
import { isTyping } from './is-typing.ts';

/** `j` and `k` move the focus to the next and the previous card, from anywhere on the page. */
export function useCardKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key !== 'j' && event.key !== 'k') return;
      const cards = [...(list.current?.querySelectorAll<HTMLElement>('.card') ?? [])];
      const at = cards.findIndex((card) => card.contains(document.activeElement));
      const next = event.key === 'j' ? at + 1 : Math.max(0, at - 1);
      const card = cards[Math.min(next, cards.length - 1)];
      card?.focus({ preventScroll: true });
      card?.scrollIntoView({ block: 'start' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list]);
}
