import type { AgentName } from '../domain/event.ts';

/** Lanes in order of urgency: nothing overtakes a HALT. */
export const LANES = ['HALT', 'RISK', 'EXECUTION', 'STRATEGY', 'INFO'] as const;
export type Lane = (typeof LANES)[number];
export type MessageKind = 'COMMAND' | 'REQUEST' | 'RESPONSE' | 'EVENT' | 'HALT';

export interface Message {
  readonly id: string;
  readonly lane: Lane;
  readonly kind: MessageKind;
  readonly from: AgentName;
  readonly to: AgentName | 'all';
  readonly topic: string;
  /** The cycle this belongs to. */
  readonly correlationId: string;
  /** The message this one answers or follows from. */
  readonly causationId: string | null;
  /** One sentence for the record. */
  readonly summary: string;
  readonly body: unknown;
  readonly sentAtMs: number;
  /** After this it is not delivered any more; null for never. A HALT never expires. */
  readonly expiresAtMs: number | null;
}

export type MessageDraft = Omit<Message, 'id' | 'sentAtMs'>;
