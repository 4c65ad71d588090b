import type { StrategyView } from '../../../api/views.ts';
import { enableStrategy } from '../state/loosen.ts';
import { Ceremony } from './ceremony.tsx';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly strategy: StrategyView;
  readonly onClose: () => void;
}

/** Switches a strategy on again; its count of losses starts anew. */
export const EnableDialog = ({ strategy, onClose }: Props) => (
  <Dialog title={`Enable ${strategy.id} again`} testId="enable-dialog" onClose={onClose}>
    <Ceremony
      step={strategy.enabled ? null : { id: strategy.id, action: 'Enable it again' }}
      done={`${strategy.id} is on and may propose.`}
      act={(signature) => enableStrategy(strategy.id, signature)}
      intro={
        <>
          <p>
            <span className="muted">Switched off because</span>{' '}
            {strategy.because ?? 'the record gives no reason'}
          </p>
          <p>Once on again it may propose as before, and its losses in a row begin again at 0.</p>
        </>
      }
    />
  </Dialog>
);
