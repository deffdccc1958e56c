import type { ReactNode } from 'react';
import type { Tone } from '../catalog/health.ts';
import { ToneIcon } from './icons.tsx';
import './verdict.css';

/** How something is, in one sentence. */
export function Verdict({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <div className={`verdict on-${tone}`} role="status">
      <ToneIcon tone={tone} size={22} />
      <p>{children}</p>
    </div>
  );
}
