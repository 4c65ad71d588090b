/** Reading parts of the page from the server: at the start, after a lost connection, after a gap. */
import { getChart, getDecisions, getJournal, getState } from './api.ts';
import { withLoaded } from './chart-data.ts';
import { withNewest, withOlderDecisions } from './decisions-data.ts';
import { withFrame } from './frames.ts';
import { journalFrom, withOlder } from './journal-data.ts';
import { page } from './page.ts';
import { wallNowMs } from './wall-clock.ts';

/** A picture that streamed in while this one was on its way is newer and stays. */
export async function loadState(): Promise<void> {
  const before = page.get().server;
  const state = await getState();
  const atMs = wallNowMs();
  page.update((current) => ({
    ...(current.server === before ? withFrame(current, { type: 'state', state }, atMs) : current),
    heardAtMs: atMs,
  }));
}

export async function loadChart(): Promise<void> {
  const loaded = await getChart();
  page.update((state) => ({ ...state, chart: withLoaded(state.chart, loaded) }));
}

/** Throws the bars away first: after a lost connection there may be a hole between them. */
export async function reloadChart(): Promise<void> {
  const loaded = await getChart();
  page.update((state) => ({ ...state, chart: withLoaded(null, loaded) }));
}

export async function loadDecisions(
  quiet: boolean = page.get().decisions?.quiet ?? false,
): Promise<void> {
  const newest = await getDecisions(quiet);
  page.update((state) => ({ ...state, decisions: withNewest(state.decisions, newest, quiet) }));
}

export async function loadOlderDecisions(): Promise<void> {
  const known = page.get().decisions;
  const last = known?.rows.at(-1);
  if (known === null || known === undefined || last === undefined) return;
  const older = await getDecisions(known.quiet, last.cycleId);
  page.update((state) =>
    state.decisions === null
      ? state
      : { ...state, decisions: withOlderDecisions(state.decisions, older) },
  );
}

export async function loadJournal(): Promise<void> {
  const newest = await getJournal();
  page.update((state) => ({ ...state, journal: journalFrom(newest) }));
}

export async function loadOlderJournal(): Promise<void> {
  const last = page.get().journal?.entries.at(-1);
  if (last === undefined) return;
  const older = await getJournal(last.seq);
  page.update((state) =>
    state.journal === null ? state : { ...state, journal: withOlder(state.journal, older) },
  );
}

/** Everything again; rejects when any part cannot be had. */
export async function resync(): Promise<void> {
  await Promise.all([loadState(), reloadChart(), loadDecisions(), loadJournal()]);
}
