import { useNow } from '../../components/time.tsx';
import { ToneIcon } from '../../components/icons.tsx';
import type { Tone } from '../../catalog/health.ts';
import { durationText } from '../../models/duration.ts';
import type { Step } from '../../models/instance-steps.ts';
import './steps.css';

const tones = {
  done: 'good',
  current: 'busy',
  failed: 'bad',
  resting: 'idle',
  waiting: 'idle',
} as const satisfies Record<Step['state'], Tone>;
const words = {
  done: 'done',
  current: 'under way',
  failed: 'failed',
  resting: 'off, as is wanted',
  waiting: 'not yet',
} as const satisfies Record<Step['state'], string>;

/** The way of an instance to being ready, step by step, with the time that each took. */
export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  const now = useNow();
  const lastMs = steps.findLast(({ state, atMs }) => state === 'done' && atMs !== undefined)?.atMs;
  const longestMs = Math.max(1, ...steps.map(({ tookMs = 0 }) => tookMs));
  return (
    <ol className="steps" aria-label="Steps of the instance">
      {steps.map((step) => (
        <li
          key={step.key}
          className="step"
          data-state={step.state}
          {...(isNow(step) ? { 'aria-current': 'step' as const } : {})}
        >
          <div className="step-line">
            <ToneIcon tone={tones[step.state]} size={20} />
          </div>
          <h3>
            {step.title}
            <span className="visually-hidden">: {words[step.state]}</span>
          </h3>
          <p className="step-time">{timeText(step, lastMs, now)}</p>
          <svg className="step-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
            <rect width={(100 * (step.tookMs ?? 0)) / longestMs} height="4" />
          </svg>
          <p className="step-detail" title={step.detail}>
            {step.detail}
          </p>
        </li>
      ))}
    </ol>
  );
}

function isNow({ state }: Step): boolean {
  return state === 'current' || state === 'failed';
}

function timeText({ state, tookMs, atMs }: Step, lastMs: number | undefined, now: number): string {
  switch (state) {
    case 'done':
      if (tookMs !== undefined) return durationText(tookMs);
      return atMs === undefined ? '–' : new Date(atMs).toLocaleTimeString();
    case 'current':
    case 'failed': {
      const sinceMs = atMs ?? lastMs;
      return sinceMs === undefined ? 'since when is not known' : `for ${durationText(Math.max(0, now - sinceMs))}`;
    }
    case 'resting':
      return 'off, as is wanted';
    case 'waiting':
      return 'not yet';
  }
}
