import type { ReactNode } from 'react';
import './facts.css';

/** Names with their values; those without a value are left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Names with values as small chips: labels and the like. */
export function Chips({ of }: { readonly of: Readonly<Record<string, string>> | undefined }) {
  const entries = Object.entries(of ?? {});
  if (entries.length === 0) return null;
  return (
    <ul className="chips">
      {entries.map(([name, value]) => (
        <li key={name} className="chip">
          {name}
          {value !== '' && <b>{value.length > 60 ? `${value.slice(0, 60)} …` : value}</b>}
        </li>
      ))}
    </ul>
  );
}
