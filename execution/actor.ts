import type { Actor } from '../domain/event.ts';

/** Signs what the engine does of its own accord. */
export const ENGINE: Actor = { kind: 'SYSTEM', name: 'execution-engine' };
