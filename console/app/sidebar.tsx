import { Link } from '../routing/link.tsx';
import { usePath } from '../routing/scope.ts';
import { Mark } from './mark.tsx';
import { navigation } from './navigation.ts';
import { ProjectPicker } from './project-picker.tsx';
import './sidebar.css';

/** Where one can go, in the project that is looked at. */
export function Sidebar() {
  const path = usePath();
  return (
    <nav aria-label="Main" className="sidebar">
      <Link to="/" className="sidebar-brand">
        <Mark size={24} />
        Datum
      </Link>
      <ProjectPicker />
      <div className="sidebar-nav">
        {navigation.map(({ label, items }) => (
          <div key={label} className="sidebar-group">
            <h2 className="sidebar-label">{label}</h2>
            <ul>
              {items.map(({ icon: Icon, label: name, to }) => (
                <li key={to}>
                  <Link
                    to={to}
                    className="sidebar-link"
                    {...(isCurrent(path, to) ? { 'aria-current': 'page' as const } : {})}
                  >
                    <Icon size={16} aria-hidden />
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </nav>
  );
}

function isCurrent(path: string, to: string): boolean {
  return path === to || (to !== '/' && path.startsWith(`${to}/`));
}
