import type { ReactNode } from 'react';
import './empty-state.css';

interface EmptyStateProps {
  readonly title: string;
  /** What would be here, and how it comes to be. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Whether it is all that the page has. */
  readonly isPage?: boolean;
}

/** Says what would be here and what to do, where there is nothing. */
export function EmptyState({ title, children, actions, isPage = false }: EmptyStateProps) {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className="empty-state">
      <Heading>{title}</Heading>
      {children !== undefined && <p className="muted">{children}</p>}
      {actions !== undefined && <div className="row">{actions}</div>}
    </div>
  );
}
