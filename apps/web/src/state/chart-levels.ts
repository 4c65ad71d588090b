/** The horizontal lines of the chart: what is held, and what the proposal in focus would do. */
import type { ApprovalView, PositionView } from '../../../api/views.ts';

export interface ChartLevel {
  readonly price: number;
  readonly title: string;
  readonly tone: 'entry' | 'stop' | 'target';
  /** Drawn dashed: proposed, not held. */
  readonly proposed: boolean;
}

const level = (
  price: string | null,
  title: string,
  tone: ChartLevel['tone'],
  proposed: boolean,
): readonly ChartLevel[] =>
  price === null ? [] : [{ price: Number(price), title, tone, proposed }];

export const positionLevels = (position: PositionView): readonly ChartLevel[] => [
  ...level(position.entryPrice, position.direction.toLowerCase(), 'entry', false),
  ...level(position.stopPrice, 'stop', 'stop', false),
  ...level(position.targetPrice, 'target', 'target', false),
];

export const proposalLevels = (approval: ApprovalView): readonly ChartLevel[] => [
  ...level(approval.referencePrice, `${approval.direction.toLowerCase()}?`, 'entry', true),
  ...level(approval.stop, 'stop?', 'stop', true),
  ...level(approval.target, 'target?', 'target', true),
];
