/** Line icons of one weight; always beside words, or inside a control that has a label. */
const PATHS = {
  shield: 'M8 1.8 13 3.6v4c0 3.2-2 5.4-5 6.6-3-1.2-5-3.4-5-6.6v-4z M5.6 7.9 7.4 9.7 10.6 6.3',
  warning: 'M8 2.2 14.4 13.4H1.6z M8 6.4v3.2 M8 11.4v.2',
  stop: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z M6 6h4v4H6z',
  check: 'M3 8.6 6.4 12 13 4.6',
  cross: 'M4 4l8 8 M12 4l-8 8',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z M8 1.4v1.4 M8 13.2v1.4 M1.4 8h1.4 M13.2 8h1.4 M3.3 3.3l1 1 M11.7 11.7l1 1 M3.3 12.7l1-1 M11.7 4.3l1-1',
  moon: 'M13.2 9.8A5.6 5.6 0 0 1 6.2 2.8 5.6 5.6 0 1 0 13.2 9.8z',
  up: 'M8 13V3.4 M4 7.2 8 3.2l4 4',
  down: 'M8 3v9.6 M4 8.8l4 4 4-4',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z M8 4.8V8l2.2 1.6',
  link: 'M6.5 9.5l3-3 M7.2 4.8 8.6 3.4a2.8 2.8 0 0 1 4 4L11.2 8.8 M8.8 11.2 7.4 12.6a2.8 2.8 0 0 1-4-4L4.8 7.2',
} as const;

export const Icon = ({ name }: { readonly name: keyof typeof PATHS }) => (
  <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path
      d={PATHS[name]}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
);
