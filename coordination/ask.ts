import type { Bus } from './bus.ts';
import type { Message, MessageDraft } from './message.ts';

export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Sends a request and delivers messages until its response arrives; rejects when nobody answered. */
export async function ask(bus: Bus, request: Omit<MessageDraft, 'kind'>): Promise<Message> {
  let answer: Message | undefined;
  let sent: Message | undefined;
  const stop = bus.subscribe(request.from, async (message) => {
    if (message.kind === 'RESPONSE' && message.causationId === sent?.id) answer = message;
  });
  sent = bus.publish({ ...request, kind: 'REQUEST' });
  const failures = await bus.drain();
  stop();
  if (answer !== undefined) return answer;
  const [failure] = failures;
  const reason = failure === undefined ? 'nobody answered' : String(failure.error);
  throw new NoAnswer(`"${request.topic}" to ${request.to} was not answered: ${reason}`);
}

/** The response to a request, addressed back to whoever asked. */
export function answerTo(
  request: Message,
  answer: Pick<MessageDraft, 'from' | 'topic' | 'summary' | 'body'>,
): MessageDraft {
  return {
    ...answer,
    lane: request.lane,
    kind: 'RESPONSE',
    to: request.from,
    correlationId: request.correlationId,
    causationId: request.id,
    expiresAtMs: request.expiresAtMs,
  };
}
