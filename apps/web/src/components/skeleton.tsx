/** Grey lines in the shape of what is coming, so that nothing jumps when it arrives. */
export const Skeleton = ({ lines }: { readonly lines: number }) => (
  <div className="skeleton" role="status" aria-label="Loading">
    {Array.from({ length: lines }, (_, line) => (
      <span key={line} className="skeleton-line" />
    ))}
  </div>
);
