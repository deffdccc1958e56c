import { Component, type ReactNode } from 'react';
import { ErrorNotice } from './error-notice.tsx';

interface PageBoundaryState {
  readonly error?: unknown;
}

/** Shows what went wrong in a page in its place, so that one can go on to others. A class, since React asks for one. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, PageBoundaryState> {
  override state: PageBoundaryState = {};

  static getDerivedStateFromError(error: unknown): PageBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <ErrorNotice
        what="This page could not be shown"
        error={error}
        onRetry={() => this.setState({ error: undefined })}
      />
    );
  }
}
