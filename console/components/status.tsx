import type { Tone } from '../catalog/health.ts';
import { ToneIcon } from './icons.tsx';
import './status.css';

interface StatusProps {
  readonly tone: Tone;
  readonly label: string;
  /** More of it, for pointers and screen readers. */
  readonly title?: string | undefined;
}

/** How something is: a sign and a word. */
export function Status({ tone, label, title }: StatusProps) {
  return (
    <span className="status" title={title}>
      <ToneIcon tone={tone} />
      <span className="status-label">{label}</span>
    </span>
  );
}

/** The same on a coloured ground, for heads of pages. */
export function StatusPill({ tone, label, title }: StatusProps) {
  return (
    <span className={`status-pill on-${tone}`} title={title}>
      <ToneIcon tone={tone} size={14} />
      {label}
    </span>
  );
}
