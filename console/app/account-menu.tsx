import { Menu } from '@base-ui/react/menu';
import { useQuery } from '@tanstack/react-query';
import { LogOut, UserRound } from 'lucide-react';
import { useClient } from '../api/client-context.tsx';
import { readViewer } from '../api/connect.ts';
import { signOut } from '../api/login/sign-out.ts';
import { setTheme, type Theme, themes, useTheme } from '../api/theme.ts';
import '../components/select.css';

const labels = { system: 'As the computer', light: 'Light', dark: 'Dark' } satisfies Record<Theme, string>;

/** Who is signed in, how it looks, and the way out. */
export function AccountMenu() {
  const client = useClient();
  const theme = useTheme();
  const { data: viewer } = useQuery({
    queryKey: ['viewer'],
    queryFn: async () => readViewer(client),
    staleTime: Infinity,
  });
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        className="button button-quiet"
        aria-label={`Account${viewer === undefined ? '' : ` ${viewer.user}`}`}
      >
        <UserRound size={16} aria-hidden />
        <span className="account-name">{viewer?.user}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-positioner" sideOffset={4} align="end">
          <Menu.Popup className="popup">
            <Menu.RadioGroup value={theme} onValueChange={(next: Theme) => setTheme(next)}>
              {themes.map((each) => (
                <Menu.RadioItem key={each} value={each} className="popup-item" closeOnClick>
                  <span className="popup-check">
                    <Menu.RadioItemIndicator>•</Menu.RadioItemIndicator>
                  </span>
                  {labels[each]}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            <Menu.Separator className="popup-separator" />
            <Menu.Item className="popup-item" onClick={() => void signOut()}>
              <span className="popup-check">
                <LogOut size={14} aria-hidden />
              </span>
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
