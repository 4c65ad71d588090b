/** Bad days at a venue, as data: how likely each trouble is and how long it may last. */
import { HOUR_MS, MINUTE_MS } from '../domain/clock.ts';

export interface FaultProfile {
  /** For people who choose one. */
  readonly says: string;
  /** A request is lost on its way: nobody knows, and nothing happened. */
  readonly lostRequestChance: number;
  /** An order is on its way for a while longer and lands after its sender gave up. */
  readonly lateRequestChance: number;
  readonly lateRequestMsMax: number;
  /** The request was carried out, its answer is lost. */
  readonly lostAnswerChance: number;
  /** The same, and the stream stays silent about it too. */
  readonly lostAckChance: number;
  readonly unansweredQueryChance: number;
  readonly duplicateFillChance: number;
  readonly lateFillChance: number;
  readonly lateFillMsMax: number;
  /** Reports of one moment come out of order. */
  readonly shuffleChance: number;
  /** An order is "not found" by any question but the executions, and then found. */
  readonly forgetChance: number;
  readonly forgetMs: number;
  readonly rateLimitChance: number;
  readonly rateLimitMsMax: number;
  /** The venue's clock is off by this, ahead or behind. */
  readonly skewMs: number;
  /** A clock that jumps to the other side so often; 0 for one that stays. */
  readonly skewStepMs: number;
  readonly staleListChance: number;
  readonly staleListMs: number;
  readonly disconnectChance: number;
  readonly disconnectMsMax: number;
  readonly maintenanceChance: number;
  readonly maintenanceMsMax: number;
  readonly cancelRefusedChance: number;
}

const CALM: FaultProfile = {
  says: 'Nothing goes wrong.',
  lostRequestChance: 0,
  lateRequestChance: 0,
  lateRequestMsMax: 0,
  lostAnswerChance: 0,
  lostAckChance: 0,
  unansweredQueryChance: 0,
  duplicateFillChance: 0,
  lateFillChance: 0,
  lateFillMsMax: 0,
  shuffleChance: 0,
  forgetChance: 0,
  forgetMs: 0,
  rateLimitChance: 0,
  rateLimitMsMax: 0,
  skewMs: 0,
  skewStepMs: 0,
  staleListChance: 0,
  staleListMs: 0,
  disconnectChance: 0,
  disconnectMsMax: 0,
  maintenanceChance: 0,
  maintenanceMsMax: 0,
  cancelRefusedChance: 0,
};

const profile = (says: string, faults: Partial<Omit<FaultProfile, 'says'>>): FaultProfile =>
  Object.freeze({ ...CALM, ...faults, says });

export const FAULT_PROFILES = Object.freeze({
  calm: profile(CALM.says, {}),
  timeouts: profile(
    'Requests time out: some never arrive, some arrive late, some were carried out all the same.',
    {
      lostRequestChance: 0.1,
      lateRequestChance: 0.1,
      lateRequestMsMax: 6_000,
      lostAnswerChance: 0.15,
      unansweredQueryChance: 0.1,
    },
  ),
  'lost-acks': profile(
    'Orders and cancels are carried out, and neither the answer nor the stream says so.',
    { lostAckChance: 0.4 },
  ),
  'scrambled-fills': profile('Executions are reported twice, minutes late and out of order.', {
    duplicateFillChance: 0.5,
    lateFillChance: 0.4,
    lateFillMsMax: 5 * MINUTE_MS,
    shuffleChance: 0.5,
  }),
  forgetful: profile(
    'The venue does not find every second order for half an hour, and then does.',
    {
      forgetChance: 0.5,
      forgetMs: HOUR_MS / 2,
    },
  ),
  'rate-limited': profile(
    'The venue asks to be left alone again and again; exits and cancels it still takes.',
    { rateLimitChance: 0.2, rateLimitMsMax: 30_000 },
  ),
  'skewed-clock': profile(
    'The venue’s clock is ten seconds off, ahead or behind, and on some days it jumps.',
    { skewMs: 10_000, skewStepMs: 10 * MINUTE_MS },
  ),
  'stale-book': profile('The list of open orders is a minute old.', {
    staleListChance: 0.8,
    staleListMs: MINUTE_MS,
  }),
  disconnects: profile(
    'The connection breaks for minutes, and what the stream said in that time is gone.',
    { disconnectChance: 0.05, disconnectMsMax: 3 * MINUTE_MS },
  ),
  maintenance: profile('The venue closes its door for minutes and refuses to cancel.', {
    maintenanceChance: 0.03,
    maintenanceMsMax: 5 * MINUTE_MS,
    cancelRefusedChance: 0.2,
  }),
  storm: profile('All of it on one day, each a little milder.', {
    lostRequestChance: 0.03,
    lateRequestChance: 0.03,
    lateRequestMsMax: 6_000,
    lostAnswerChance: 0.05,
    lostAckChance: 0.05,
    unansweredQueryChance: 0.05,
    duplicateFillChance: 0.1,
    lateFillChance: 0.1,
    lateFillMsMax: MINUTE_MS,
    shuffleChance: 0.1,
    forgetChance: 0.05,
    forgetMs: HOUR_MS / 2,
    rateLimitChance: 0.03,
    rateLimitMsMax: 10_000,
    skewMs: 2_000,
    staleListChance: 0.1,
    staleListMs: MINUTE_MS,
    disconnectChance: 0.01,
    disconnectMsMax: MINUTE_MS,
    maintenanceChance: 0.01,
    maintenanceMsMax: 2 * MINUTE_MS,
    cancelRefusedChance: 0.05,
  }),
});

export type FaultProfileName = keyof typeof FAULT_PROFILES;
