import type { Chip } from '../format/words.ts';

/** A word in a closed list; the glyph says the same as the colour. */
export const ChipLabel = ({ chip }: { readonly chip: Chip }) => (
  <span className={`chip chip-${chip.tone}`}>
    <span className="chip-glyph" aria-hidden="true">
      {chip.glyph}
    </span>
    {chip.label}
  </span>
);
