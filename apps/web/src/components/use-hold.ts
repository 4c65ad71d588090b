import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
} from 'react';

export const HOLD_MS = 1_000;

export interface Hold {
  /** 0 to 1, how long it was held of the time it takes. */
  readonly share: number;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLButtonElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
    readonly onPointerLeave: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onKeyUp: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
    readonly onClick: (event: MouseEvent) => void;
    readonly onContextMenu: (event: MouseEvent) => void;
  };
}

interface Answers {
  readonly onHeld: () => void;
  /** Let go too early. */
  readonly onShort: () => void;
  /** Pressed by something that cannot hold: a screen reader, a switch, a voice. */
  readonly onPress: () => void;
}

const isPress = ({ key }: KeyboardEvent): boolean => key === 'Enter' || key === ' ';

/** A button that has to be held, by pointer or by key, so that nobody presses it by mistake. */
export function useHold({ onHeld, onShort, onPress }: Answers): Hold {
  const [share, setShare] = useState(0);
  const frame = useRef<number | null>(null);
  const stop = (): boolean => {
    if (frame.current === null) return false;
    cancelAnimationFrame(frame.current);
    frame.current = null;
    setShare(0);
    return true;
  };
  useEffect(
    () => () => {
      if (frame.current !== null) cancelAnimationFrame(frame.current);
    },
    [],
  );
  const start = (): void => {
    if (frame.current !== null) return;
    const startedMs = performance.now();
    const draw = (): void => {
      const held = (performance.now() - startedMs) / HOLD_MS;
      if (held >= 1) {
        stop();
        onHeld();
        return;
      }
      setShare(held);
      frame.current = requestAnimationFrame(draw);
    };
    frame.current = requestAnimationFrame(draw);
  };
  const release = (): void => {
    if (stop()) onShort();
  };
  return {
    share,
    handlers: {
      onPointerDown: (event) => {
        if (event.button === 0) start();
      },
      onPointerUp: release,
      onPointerCancel: () => void stop(),
      onPointerLeave: () => void stop(),
      onKeyDown: (event) => {
        if (!isPress(event)) return;
        // Otherwise the key would click the button as well.
        event.preventDefault();
        if (!event.repeat) start();
      },
      onKeyUp: (event) => {
        if (!isPress(event)) return;
        event.preventDefault();
        release();
      },
      onBlur: () => void stop(),
      onClick: (event) => {
        if (event.detail === 0) onPress();
      },
      // A long touch asks for a menu, which would end the hold.
      onContextMenu: (event) => event.preventDefault(),
    },
  };
}
