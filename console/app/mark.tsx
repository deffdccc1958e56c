/** The product's sign. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="mark">
      <rect width="32" height="32" rx="8" fill="#2b59c3" />
      <path d="M10 9h6a7 7 0 0 1 0 14h-6z" fill="none" stroke="#fff" strokeWidth="3" strokeLinejoin="round" />
      <circle cx="10" cy="16" r="2.6" fill="#fff" />
    </svg>
  );
}
