import { BadField } from './fields.ts';

/** A message of a stream that is JSON throughout. */
export function parsedMessage(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadField('the message', text, 'JSON');
  }
}
