import { Effect, Logger } from 'effect';

/** Faults of ours go to standard error in one line each; standard output belongs to the command. */
export const faultLogLayer = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]);

export function logFault(what: string, error: unknown): void {
  Effect.runFork(Effect.logError(what, error).pipe(Effect.provide(faultLogLayer)));
}
