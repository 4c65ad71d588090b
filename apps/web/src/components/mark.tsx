/** The load line: a ring with a level line through it. Past it, nothing leaves port. */
export const Mark = () => (
  <svg className="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
    <circle cx="16" cy="16" r="9.5" fill="none" stroke="currentColor" strokeWidth="2.6" />
    <path d="M1.5 16h29" stroke="var(--accent)" strokeWidth="2.8" strokeLinecap="round" />
  </svg>
);
