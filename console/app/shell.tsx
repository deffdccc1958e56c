import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../components/button.tsx';
import { PageBoundary } from '../components/page-boundary.tsx';
import { usePath } from '../routing/scope.ts';
import { AccountMenu } from './account-menu.tsx';
import { LiveBadge } from './live-badge.tsx';
import { NamespacePicker } from './namespace-picker.tsx';
import { Routes } from './routes.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Sidebar } from './sidebar.tsx';
import './shell.css';

/** What is around every page. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const path = usePath();
  const [isPalette, setPalette] = useState(false);
  const lastPath = useRef(path);
  useEffect(() => {
    if (lastPath.current === path) return;
    lastPath.current = path;
    // As a new document would: from the top, and what is read out is the new page. A field of it may have the focus already.
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [path]);
  return (
    <div className="shell">
      <Shortcuts isOpen={isPalette} onOpenChange={setPalette} />
      <a href="#main" className="skip-link" onClick={() => main.current?.focus()}>
        To the content
      </a>
      <Sidebar />
      <div className="shell-page">
        <header className="shell-top">
          <div className="row">
            <NamespacePicker />
            <Button className="palette-button" onClick={() => setPalette(true)} aria-keyshortcuts="Control+K">
              <Search size={15} aria-hidden />
              Go to or do
              <kbd>Ctrl K</kbd>
            </Button>
          </div>
          <div className="row">
            <LiveBadge />
            <AccountMenu />
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1} className="shell-main">
          <PageBoundary key={path}>
            <Routes />
          </PageBoundary>
        </main>
      </div>
    </div>
  );
}
