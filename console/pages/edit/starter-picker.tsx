import { Button } from '../../components/button.tsx';
import type { Starter } from './starters.ts';

interface StarterPickerProps {
  readonly starters: readonly Starter[];
  readonly chosen: Starter;
  readonly onChoose: (starter: Starter) => void;
}

/** What a new object begins with. */
export function StarterPicker({ starters, chosen, onChoose }: StarterPickerProps) {
  return (
    <div className="starters" role="group" aria-label="Begin with">
      <span className="muted">Begin with</span>
      {starters.map((starter) => (
        <Button key={starter.id} aria-pressed={starter.id === chosen.id} onClick={() => onChoose(starter)}>
          {starter.label}
        </Button>
      ))}
    </div>
  );
}
