import { Menu } from '@base-ui/react/menu';
import { Copy } from 'lucide-react';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { say } from '../../components/toasts.tsx';
import { type Action, copyForms } from './copy-forms.ts';
import '../../components/select.css';

interface CopyMenuProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
  readonly action?: Action;
}

/** Copies an object, or what is done with it, as other programs take it. */
export function CopyMenu({ known, object, action = 'get' }: CopyMenuProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button button-plain">
        <Copy size={15} aria-hidden />
        Copy as
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-positioner" sideOffset={4} align="end">
          <Menu.Popup className="popup">
            {copyForms(known, object, action, globalThis.location.origin).map(({ label, text }) => (
              <Menu.Item
                key={label}
                className="popup-item"
                onClick={() => void navigator.clipboard.writeText(text).then(() => say(`Copied as ${label}`))}
              >
                {label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
