import { type FrameKind, Outbox } from './outbox.ts';

/** One open socket, as far as the stream needs it. */
export interface Wire {
  send(text: string): void;
  /** True while the system takes no more for this reader. */
  isFull(): boolean;
  onceDrained(call: () => void): void;
  /** Says why in a close frame, and lets go. */
  close(code: number, reason: string): void;
  /** Lets go without a word. */
  destroy(): void;
}

/** RFC 6455: 1001 going away; IANA registry: 1013 try again later. */
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

/** One reader of the stream, at the speed it reads. */
export class Listener {
  readonly #wire: Wire;
  readonly #outbox = new Outbox();
  #waits = false;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  push(kind: FrameKind, text: string): void {
    this.#outbox.offer(kind, text);
    this.#pump();
    if (!this.#outbox.isHopeless) return;
    this.#wire.close(TRY_AGAIN_LATER, 'too far behind; connect again');
    this.#wire.destroy();
  }

  goAway(): void {
    this.#wire.close(GOING_AWAY, 'the server is closing');
  }

  destroy(): void {
    this.#wire.destroy();
  }

  #pump(): void {
    while (!this.#waits) {
      if (this.#wire.isFull()) {
        this.#waits = true;
        this.#wire.onceDrained(() => {
          this.#waits = false;
          this.#pump();
        });
        return;
      }
      const text = this.#outbox.take();
      if (text === undefined) return;
      this.#wire.send(text);
    }
  }
}
