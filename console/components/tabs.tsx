import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import './tabs.css';

export interface TabItem {
  readonly id: string;
  readonly label: string;
  /** Behind the label, such as a count. */
  readonly beside?: ReactNode;
  readonly content: () => ReactNode;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly TabItem[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Views of one thing, of which one is shown. */
export function Tabs({ label, tabs, value, onChange }: TabsProps) {
  const shown = tabs.some(({ id }) => id === value) ? value : tabs[0]?.id;
  return (
    <Base.Root value={shown} onValueChange={(next) => onChange(String(next))}>
      <Base.List className="tabs-list" aria-label={label} activateOnFocus>
        {tabs.map(({ id, label: name, beside }) => (
          <Base.Tab key={id} value={id} className="tabs-tab">
            {name}
            {beside}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map(({ id, content }) => (
        <Base.Panel key={id} value={id} className="tabs-panel" tabIndex={-1}>
          {content()}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
