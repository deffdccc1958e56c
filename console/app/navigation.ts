import {
  Activity,
  Box,
  Boxes,
  Building2,
  CalendarClock,
  FileKey2,
  FileText,
  FolderKanban,
  Gauge,
  KeyRound,
  LayoutDashboard,
  Link2,
  type LucideIcon,
  MapPin,
  Network,
  Rows3,
  Search,
  Server,
  Settings,
  Share2,
  ShieldCheck,
  Tag,
  UserCog,
  Waypoints,
} from 'lucide-react';
import { titleOfKind } from '../catalog/kind-names.ts';
import { knownKinds } from '../catalog/known-kinds.ts';
import { paths } from '../routing/paths.ts';

export interface NavigationItem {
  readonly label: string;
  readonly to: string;
  readonly icon: LucideIcon;
}

export interface NavigationGroup {
  readonly label: string;
  readonly items: readonly NavigationItem[];
}

const icons: Readonly<Record<string, LucideIcon>> = {
  workloads: Boxes,
  workloadDeployments: Rows3,
  instances: Server,
  networks: Network,
  networkContexts: Waypoints,
  networkBindings: Link2,
  networkPolicies: ShieldCheck,
  subnets: Share2,
  subnetClaims: Tag,
  locations: MapPin,
  namespaces: FolderKanban,
  configMaps: FileText,
  secrets: FileKey2,
  events: CalendarClock,
  resourceQuotas: Gauge,
  projects: Box,
  organizations: Building2,
  serviceAccounts: UserCog,
};

/** What most people come for, first; kinds that are named nowhere stand behind. */
const order = Object.keys(icons);

function kindsOf(area: string, only: (group: string) => boolean): NavigationItem[] {
  return [...knownKinds.values()]
    .filter(({ facts }) => facts.area === area && only(facts.group))
    .toSorted((a, b) => rank(a.facts.many) - rank(b.facts.many))
    .map(({ facts }) => ({
      label: titleOfKind(facts),
      to: paths.list(facts.plural),
      icon: icons[facts.many] ?? KeyRound,
    }));
}

function rank(many: string): number {
  return order.includes(many) ? order.indexOf(many) : order.length;
}

const isAccess = (group: string): boolean => group === 'rbac.authorization.k8s.io';

/** All that there is to go to, in groups. Every kind is in one of them. */
export const navigation: readonly NavigationGroup[] = [
  {
    label: 'At a glance',
    items: [
      { label: 'Overview', to: paths.overview, icon: LayoutDashboard },
      { label: 'Topology', to: paths.topology, icon: Waypoints },
      { label: 'Addresses', to: paths.addresses, icon: Search },
      { label: 'Activity', to: paths.activity, icon: Activity },
    ],
  },
  { label: 'Compute', items: kindsOf('compute', () => true) },
  { label: 'Networking', items: kindsOf('networking', () => true) },
  { label: 'Configuration', items: kindsOf('core', (group) => !isAccess(group)) },
  {
    label: 'Access',
    items: [{ label: 'Who may what', to: paths.access, icon: KeyRound }, ...kindsOf('core', isAccess)],
  },
  { label: 'Console', items: [{ label: 'Settings', to: paths.settings, icon: Settings }] },
];
