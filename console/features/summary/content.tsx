import type { ReactNode } from 'react';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { masked } from '../../catalog/plain-object.ts';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';

interface ContentProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
}

/** Lines that are shown; the rest is in the YAML. */
const maxLines = 24;
const notContent = new Set(['apiVersion', 'kind', 'metadata']);

/** What an object holds, flat: the fields of its spec and status with their values. */
export function Content({ known: { facts }, object }: ContentProps) {
  const { spec, status, ...rest } = masked(object, facts.sensitive);
  const { conditions: _, ...state } = (status ?? {}) as Record<string, unknown>;
  const others = Object.fromEntries(Object.entries(rest).filter(([name]) => !notContent.has(name)));
  const lines = [...linesOf({ ...(spec as object), ...others }), ...linesOf(state)];
  if (lines.length === 0) return null;
  const shown = lines.slice(0, maxLines);
  return (
    <Panel title={facts.hasStatus ? 'Spec and status' : 'Content'}>
      <Facts facts={shown} />
      {lines.length > shown.length && (
        <p className="muted">{lines.length - shown.length} more fields are in the YAML.</p>
      )}
    </Panel>
  );
}

/** The leaves of a value with their paths. */
function linesOf(value: object, path = ''): (readonly [string, ReactNode])[] {
  return Object.entries(value).flatMap(([name, field]: [string, unknown]): (readonly [string, ReactNode])[] => {
    const at = path === '' ? name : `${path}.${name}`;
    if (Array.isArray(field)) {
      const items = field as unknown[];
      if (items.every((item) => typeof item !== 'object')) return [[at, items.join(', ')]];
      return items.flatMap((item, index) => linesOf(item as object, `${at}[${index}]`));
    }
    if (typeof field === 'object' && field !== null) return linesOf(field, at);
    return [
      [
        at,
        <span key={at} className="content-value">
          {String(field)}
        </span>,
      ],
    ];
  });
}
