import { useEffect, useMemo, useState } from 'react';
import { setTheme } from '../api/theme.ts';
import { signOut } from '../api/login/sign-out.ts';
import { knownKinds } from '../catalog/known-kinds.ts';
import { Dialog } from '../components/dialog.tsx';
import type { Command } from '../features/palette/command.ts';
import { CommandPalette } from '../features/palette/command-palette.tsx';
import { paths } from '../routing/paths.ts';
import { useGo } from '../routing/scope.ts';
import { navigation } from './navigation.ts';
import './shortcuts.css';

/** Second key behind `g`, and where it leads. */
const goKeys: readonly (readonly [key: string, path: string, label: string])[] = [
  ['o', paths.overview, 'Overview'],
  ['t', paths.topology, 'Topology'],
  ['a', paths.activity, 'Activity'],
  ['w', paths.list('workloads'), 'Workloads'],
  ['i', paths.list('instances'), 'Instances'],
  ['n', paths.list('networks'), 'Networks'],
  ['s', paths.settings, 'Settings'],
];
/** Time between the two keys, in ms. */
const pairMs = 1_000;

interface ShortcutsProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** The command palette, and keys for what is done often. */
export function Shortcuts({ isOpen, onOpenChange }: ShortcutsProps) {
  const go = useGo();
  const [isHelp, setHelp] = useState(false);

  useEffect(() => {
    let pairUntil = 0;
    function onKeyDown(event: KeyboardEvent): void {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onOpenChange(true);
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const pair = Date.now() < pairUntil ? goKeys.find(([key]) => key === event.key) : undefined;
      pairUntil = event.key === 'g' ? Date.now() + pairMs : 0;
      if (pair !== undefined) go(pair[1]);
      else if (event.key === '?') setHelp(true);
      else if (event.key === '/') {
        const filter = document.querySelector<HTMLInputElement>('main input[type="search"]');
        if (filter === null) onOpenChange(true);
        else filter.focus();
        event.preventDefault();
      }
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [go, onOpenChange]);

  const commands = useMemo<readonly Command[]>(
    () => [
      ...navigation.flatMap(({ label: group, items }) =>
        items.map(({ label, to }) => ({ id: `go ${to}`, label, hint: group, words: 'go to list', run: () => go(to) })),
      ),
      ...[...knownKinds.values()].map(({ facts }) => ({
        id: `create ${facts.many}`,
        label: `Create ${facts.type}`,
        hint: 'Action',
        words: `new ${facts.shortNames.join(' ')}`,
        run: () => go(paths.create(facts.plural)),
      })),
      { id: 'light', label: 'Light theme', hint: 'Action', run: () => setTheme('light') },
      { id: 'dark', label: 'Dark theme', hint: 'Action', run: () => setTheme('dark') },
      { id: 'keys', label: 'Keyboard shortcuts', hint: '?', run: () => setHelp(true) },
      { id: 'out', label: 'Sign out', hint: 'Action', run: () => void signOut() },
    ],
    [go],
  );

  return (
    <>
      <CommandPalette isOpen={isOpen} onClose={() => onOpenChange(false)} commands={commands} />
      <Dialog title="Keyboard shortcuts" isOpen={isHelp} onClose={() => setHelp(false)}>
        <dl className="shortcuts">
          <Shortcut keys={['Ctrl', 'K']} does="Go anywhere, do anything" />
          <Shortcut keys={['/']} does="Filter the list" />
          {goKeys.map(([key, path, label]) => (
            <Shortcut key={path} keys={['g', key]} does={label} />
          ))}
          <Shortcut keys={['↑', '↓']} does="From row to row of a list; Enter opens" />
          <Shortcut keys={['Ctrl', 'Space']} does="Complete in the editor" />
          <Shortcut keys={['Ctrl', 'Enter']} does="Review what was edited" />
          <Shortcut keys={['?']} does="These" />
        </dl>
      </Dialog>
    </>
  );
}

function Shortcut({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <div>
      <dt>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}

/** Whether a key is meant for a field. What is in the editor's shadow looks like the editor from here. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
