import type { AgentName } from '../domain/event.ts';
import type { Message, MessageDraft } from './message.ts';

export type MessageHandler = (message: Message) => Promise<void>;

/** How agents speak to each other. One port, in process here, over a network elsewhere. */
export interface Bus {
  /** Accepts a message for delivery; it is recorded before anybody receives it. */
  publish(draft: MessageDraft): Message;
  /** Hands an agent every message addressed to it or to all; returns the way to stop. */
  subscribe(agent: AgentName, handler: MessageHandler): () => void;
  /**
   * Delivers until nothing is queued: the most urgent lane first, first in first out within a lane,
   * one message at a time. A handler that throws does not stop the others; the error is the result's.
   */
  drain(): Promise<readonly DeliveryFailure[]>;
}

export interface DeliveryFailure {
  readonly message: Message;
  readonly agent: AgentName;
  readonly error: unknown;
}

export class BusFull extends Error {
  override readonly name = 'BusFull';
}
