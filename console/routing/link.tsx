import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { useHref } from './scope.ts';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** A path of `paths`. */
  readonly to: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly children: ReactNode;
}

/** A link to a page of the same project; the namespace that is looked at stays. */
export function Link({ to, parameters, children, ...rest }: LinkProps) {
  const href = useHref();
  return (
    <RouterLink {...rest} href={href(to, parameters)}>
      {children}
    </RouterLink>
  );
}
