import type { ReactNode } from 'react';
import { Mark } from './mark.tsx';
import './sign-in.css';

/** What is shown to those who are not signed in. */
export function SignInCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <Mark />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
