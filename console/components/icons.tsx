import { CircleCheck, CircleDashed, CircleMinus, OctagonX, TriangleAlert } from 'lucide-react';
import type { Tone } from '../catalog/health.ts';
import './status.css';

const icons = {
  good: CircleCheck,
  busy: CircleDashed,
  warn: TriangleAlert,
  bad: OctagonX,
  idle: CircleMinus,
} satisfies Record<Tone, unknown>;

/** The sign of a tone: each has a shape of its own, so that colour is not all that tells. */
export function ToneIcon({ tone, size = 15 }: { readonly tone: Tone; readonly size?: number }) {
  const Icon = icons[tone];
  return <Icon className={`tone-icon tone-${tone}`} size={size} aria-hidden />;
}
