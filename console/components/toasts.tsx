import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import './toasts.css';

const manager = Toast.createToastManager();

/** Says for a moment what was done, from wherever. */
export function say(title: string, description?: string): void {
  manager.add({ title, ...(description === undefined ? {} : { description }) });
}

/** Shows what is said. */
export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} timeout={4_000}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <Shown />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <div>
        <Toast.Title className="toast-title" />
        <Toast.Description className="muted" />
      </div>
      <Toast.Close className="button button-quiet" aria-label="Close">
        <X size={14} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
