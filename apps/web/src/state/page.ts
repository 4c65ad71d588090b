/** The page's one store, and the hook that lets a component follow a part of it. */
import { useSyncExternalStore } from 'react';
import { EMPTY_PAGE, type PageState } from './page-state.ts';
import { createStore } from './store.ts';

export const page = createStore<PageState>(EMPTY_PAGE);

/** Redraws only when the selected part changes, so `select` must return a part and not build one. */
export const usePage = <T>(select: (state: PageState) => T): T =>
  useSyncExternalStore(page.subscribe, () => select(page.get()));
