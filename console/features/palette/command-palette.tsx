import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Command } from './command.ts';
import { matchOf } from './match.ts';
import { useFoundObjects } from './use-found-objects.ts';
import './command-palette.css';

interface CommandPaletteProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly commands: readonly Command[];
}

/** Rows that are shown. */
const maxShown = 40;

/** Goes anywhere and does anything that has a name: pages, kinds, actions, and objects by their names. */
export function CommandPalette({ isOpen, onClose, commands }: CommandPaletteProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="palette" aria-label="Command palette">
          <Palette commands={commands} onClose={onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ commands, onClose }: Pick<CommandPaletteProps, 'commands' | 'onClose'>) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const objects = useFoundObjects(typed);
  const shown = useMemo(() => {
    const found = commands
      .map((command) => ({ command, match: matchOf(`${command.label} ${command.words ?? ''}`, typed) }))
      .filter(({ match }) => match > 0)
      .toSorted((a, b) => b.match - a.match)
      .map(({ command }) => command);
    return [...found, ...objects].slice(0, maxShown);
  }, [commands, objects, typed]);
  const current = Math.min(active, shown.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);

  function run(command: Command | undefined): void {
    if (command === undefined) return;
    onClose();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && shown.length > 0) {
      event.preventDefault();
      setActive((current + step + shown.length) % shown.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(shown[current]);
    }
  }

  return (
    <>
      <div className="palette-input">
        <Search size={17} aria-hidden />
        <input
          role="combobox"
          aria-label="Go to or do"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={shown.length > 0 ? `${id}-${current}` : undefined}
          aria-autocomplete="list"
          placeholder="Go to a page, an object, or do something"
          value={typed}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => {
            setTyped(target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul ref={list} id={`${id}-list`} role="listbox" aria-label="What there is" className="palette-list">
        {shown.map((command, at) => (
          // The keyboard is the input's business; a pointer may choose as well.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={command.id}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === current}
            className="palette-item"
            onClick={() => run(command)}
            onMouseMove={() => setActive(at)}
          >
            <span>{command.label}</span>
            <span className="muted">{command.hint}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="palette-none muted">Nothing has that name.</p>}
    </>
  );
}
