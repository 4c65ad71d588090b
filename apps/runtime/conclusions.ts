/** How a cycle ends whose order was sent, or found to have been sent before a restart. */
import type { OrderState } from '../../domain/order.ts';
import type { SendResult } from '../../execution/engine.ts';

export type Conclusion = readonly ['SENT' | 'DENIED' | 'FAILED', string];

export function conclude(result: SendResult): Conclusion {
  switch (result.kind) {
    case 'SENT':
      return ['SENT', 'The venue has the order.'];
    case 'DENIED':
      return ['DENIED', result.sentence];
    case 'REJECTED':
      return ['FAILED', `The venue rejected it: ${result.because}`];
    case 'UNKNOWN':
      return ['FAILED', `Nobody knows yet whether the venue has it: ${result.because}`];
  }
}

export function concludeLate(state: OrderState | undefined): Conclusion {
  switch (state) {
    case undefined:
      return ['DENIED', 'The intent was denied before the restart.'];
    case 'REJECTED':
      return ['FAILED', 'The venue refused the order before the restart, or never had it.'];
    case 'SUBMITTING':
    case 'SUBMIT_UNKNOWN':
      return ['FAILED', 'Nobody knows yet whether the venue has the order.'];
    default:
      return ['SENT', 'The order was sent before the restart.'];
  }
}
