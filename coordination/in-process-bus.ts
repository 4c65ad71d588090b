import type { Clock } from '../domain/clock.ts';
import type { AgentName } from '../domain/event.ts';
import { type Bus, BusFull, type DeliveryFailure, type MessageHandler } from './bus.ts';
import { type Lane, LANES, type Message, type MessageDraft } from './message.ts';

/** Messages one lane may hold; a fuller lane refuses, except the lane of halts. */
const LANE_CAPACITY = 10_000;

/** Called with each message before it is delivered; delivery waits for it. */
export type RecordMessage = (message: Message) => Promise<void>;

export class InProcessBus implements Bus {
  readonly #clock: Clock;
  readonly #record: RecordMessage;
  readonly #lanes = new Map<Lane, Message[]>(LANES.map((lane) => [lane, []]));
  readonly #handlers = new Map<AgentName, Set<MessageHandler>>();
  #count = 0;

  constructor(clock: Clock, record: RecordMessage) {
    this.#clock = clock;
    this.#record = record;
  }

  publish(draft: MessageDraft): Message {
    const queue = this.#queue(draft.lane);
    if (queue.length >= LANE_CAPACITY && draft.lane !== 'HALT') {
      throw new BusFull(
        `lane ${draft.lane} holds ${LANE_CAPACITY} messages; "${draft.topic}" was refused`,
      );
    }
    this.#count += 1;
    const message: Message = Object.freeze({
      ...draft,
      expiresAtMs: draft.lane === 'HALT' ? null : draft.expiresAtMs,
      id: `${draft.correlationId}/${this.#count}`,
      sentAtMs: this.#clock.now(),
    });
    queue.push(message);
    return message;
  }

  subscribe(agent: AgentName, handler: MessageHandler): () => void {
    const handlers = this.#handlers.get(agent) ?? new Set();
    handlers.add(handler);
    this.#handlers.set(agent, handlers);
    return () => void handlers.delete(handler);
  }

  async drain(): Promise<readonly DeliveryFailure[]> {
    const failures: DeliveryFailure[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      if (message.expiresAtMs !== null && message.expiresAtMs < this.#clock.now()) continue;
      await this.#record(message);
      failures.push(...(await this.#deliver(message)));
    }
    return failures;
  }

  async #deliver(message: Message): Promise<DeliveryFailure[]> {
    const failures: DeliveryFailure[] = [];
    for (const [agent, handlers] of this.#handlers) {
      const addressed = message.to === agent || (message.to === 'all' && message.from !== agent);
      if (!addressed) continue;
      for (const handler of handlers) {
        try {
          await handler(message);
        } catch (error) {
          failures.push({ message, agent, error });
        }
      }
    }
    return failures;
  }

  #next(): Message | undefined {
    for (const lane of LANES) {
      const message = this.#queue(lane).shift();
      if (message !== undefined) return message;
    }
    return undefined;
  }

  #queue(lane: Lane): Message[] {
    const queue = this.#lanes.get(lane);
    if (queue === undefined) throw new Error(`there is no lane ${lane}`);
    return queue;
  }
}
