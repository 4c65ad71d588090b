import { useEffect, useState } from 'react';
import { HaltDialog } from './halt-dialog.tsx';
import { HoldButton } from './hold-button.tsx';
import { Icon } from './icon.tsx';
import { isTyping } from './is-typing.ts';
import { useHalt } from './use-halt.ts';

/** Shift+H asks from anywhere on the page. */
function useShortcut(ask: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const others = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
      if (others || event.key !== 'H' || isTyping(event.target)) return;
      event.preventDefault();
      ask();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [ask]);
}

/**
 * Always in sight. Held for a second it stops everything at once; a short press opens it, with the choice
 * to close every position too.
 */
export function KillSwitch() {
  const [open, setOpen] = useState(false);
  const [halting, pull] = useHalt();
  const [ask] = useState(() => () => setOpen(true));
  useShortcut(ask);
  return (
    <>
      <HoldButton
        label="Stop everything. Hold for one second, or press to choose."
        className="hold-small"
        testId="kill-switch"
        title="Stop everything: hold for one second, or press to choose (Shift+H)"
        onHeld={() => {
          pull({ flatten: false });
          ask();
        }}
        onShort={ask}
        onPress={ask}
      >
        <Icon name="stop" /> Halt
      </HoldButton>
      {open && <HaltDialog halting={halting} pull={pull} onClose={() => setOpen(false)} />}
    </>
  );
}
