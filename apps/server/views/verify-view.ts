import type { Verification } from '../../../ledger/verify.ts';
import type { VerifyView } from '../../api/views.ts';

export const verifyView = (verification: Verification): VerifyView =>
  verification.ok
    ? {
        ...verification,
        brokenAtSeq: null,
        sentence: `${verification.events} events, every link holds.`,
      }
    : {
        ok: false,
        events: verification.seq - 1,
        headHash: '',
        brokenAtSeq: verification.seq,
        sentence: verification.sentence,
      };
