import { toggleTheme, useTheme } from '../state/theme.ts';
import { Icon } from './icon.tsx';

export function ThemeToggle() {
  const other = useTheme() === 'dark' ? 'light' : 'dark';
  const label = `Switch to ${other} colours`;
  return (
    <button
      type="button"
      className="icon-button"
      onClick={toggleTheme}
      aria-label={label}
      title={label}
    >
      <Icon name={other === 'light' ? 'sun' : 'moon'} />
    </button>
  );
}
