import type { ButtonHTMLAttributes, ReactNode } from 'react';
import './button.css';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` once on a page at most; `danger` for what cannot be undone; `quiet` without a frame. */
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly children: ReactNode;
}

export function Button({ look = 'plain', className = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={`button button-${look} ${className}`}>
      {children}
    </button>
  );
}

/** Look of a link that is a button. */
export const buttonClass = (look: NonNullable<ButtonProps['look']>): string => `button button-${look}`;
