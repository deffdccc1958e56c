import type { ReactNode } from 'react';
import './panel.css';

interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Without space around what is inside, for tables. */
  readonly flush?: boolean;
}

/** A part of a page with a heading. */
export function Panel({ title, aside, children, flush = false }: PanelProps) {
  return (
    <section className="panel">
      <header className="panel-head">
        <h2>{title}</h2>
        {aside}
      </header>
      <div className={flush ? 'panel-flush' : 'panel-body'}>{children}</div>
    </section>
  );
}
