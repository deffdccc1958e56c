import type { ReactNode } from 'react';
import './page-head.css';

interface PageHeadProps {
  readonly title: string;
  /** Above the title: where the page is. */
  readonly trail?: ReactNode;
  /** Beside the title, such as its status. */
  readonly beside?: ReactNode;
  /** One sentence below the title. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
}

/** Head of a page: its only h1, and what can be done. */
export function PageHead({ title, trail, beside, about, actions }: PageHeadProps) {
  return (
    <header className="page-head">
      <div className="page-head-text">
        {trail !== undefined && <div className="page-trail muted">{trail}</div>}
        <div className="row">
          <h1>{title}</h1>
          {beside}
        </div>
        {about !== undefined && <p className="muted page-about">{about}</p>}
      </div>
      {actions !== undefined && <div className="row page-actions">{actions}</div>}
    </header>
  );
}
