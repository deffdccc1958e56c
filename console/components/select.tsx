import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import './select.css';

interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  /** Shown before the value, in the same frame. */
  readonly prefix?: string;
}

/** One of some values. */
export function Select({ label, value, options, onChange, prefix }: SelectProps) {
  return (
    <Base.Root
      items={options as Option[]}
      value={value}
      onValueChange={(next) => typeof next === 'string' && onChange(next)}
      modal={false}
    >
      <Base.Trigger className="select-trigger" aria-label={label}>
        {prefix !== undefined && <span className="muted">{prefix}</span>}
        <Base.Value className="select-value" />
        <Base.Icon className="select-icon">
          <ChevronsUpDown size={14} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="popup-positioner" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="popup select-popup">
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className="popup-item">
                <span className="popup-check">
                  <Base.ItemIndicator>
                    <Check size={14} aria-hidden />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText>{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
