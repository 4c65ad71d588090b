import { Icon } from './icon.tsx';

/** LONG or SHORT, told by word and arrow before colour. */
export const Direction = ({ direction }: { readonly direction: string }) => (
  <span className={`direction direction-${direction.toLowerCase()}`}>
    <Icon name={direction === 'LONG' ? 'up' : 'down'} />
    {direction}
  </span>
);
