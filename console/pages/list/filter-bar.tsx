import { Braces, type LucideIcon, Search, Tag } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { KindFacts } from '../../catalog/kind-facts.ts';
import { useParameter } from '../../routing/scope.ts';

/** What is typed is asked for when typing rests, in ms. */
const restMs = 250;

/** Filters of a list; the address holds them. Selectors are the server's, the text looks through what is listed. */
export function FilterBar({ facts }: { readonly facts: KindFacts }) {
  return (
    <search className="filter-bar">
      <FilterField name="text" icon={Search} label="Filter by text" placeholder="Filter by text" />
      <FilterField name="labels" icon={Tag} label="Label selector" placeholder="Labels, such as tier=edge" />
      <FilterField
        name="fields"
        icon={Braces}
        label={`Field selector, of ${facts.selectable.join(', ')}`}
        placeholder="Fields, such as metadata.name=web"
      />
    </search>
  );
}

interface FilterFieldProps {
  readonly name: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly placeholder: string;
}

function FilterField({ name, icon: Icon, label, placeholder }: FilterFieldProps) {
  const [value = '', setValue] = useParameter(name);
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => setValue(typed), restMs);
    return () => clearTimeout(timer);
  }, [typed, value, setValue]);
  return (
    <div className="filter-field">
      <Icon size={15} aria-hidden />
      <input
        className="input"
        type="search"
        aria-label={label}
        title={label}
        placeholder={placeholder}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </div>
  );
}
