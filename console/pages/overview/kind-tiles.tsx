import { healthOf } from '../../catalog/health.ts';
import { titleOfKind } from '../../catalog/kind-names.ts';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import type { KindObjects } from './use-all-objects.ts';

/** Kinds in the order in which people think of them. */
const order = ['workloads', 'instances', 'networks', 'locations', 'workloadDeployments', 'subnets', 'networkContexts'];

/** How many there are of each kind, and how many of them are well. */
export function KindTiles({ all }: { readonly all: readonly KindObjects[] }) {
  const shown = all
    .filter(({ isSeen, known, objects }) => isSeen && (objects.length > 0 || order.includes(known.facts.many)))
    .toSorted((a, b) => rank(a) - rank(b));
  return (
    <ul className="tiles" aria-label="Objects by kind">
      {shown.map(({ known: { facts }, objects }) => {
        const well = objects.filter((object) => healthOf(object).tone === 'good').length;
        return (
          <li key={facts.many}>
            <Link to={paths.list(facts.plural)} className="tile">
              <span className="tile-count">{objects.length.toLocaleString()}</span>
              <span>{titleOfKind(facts)}</span>
              <span className="muted">
                {objects.length === 0
                  ? 'none yet'
                  : well === objects.length
                    ? 'all well'
                    : `${objects.length - well} not ready`}
              </span>
              <Meter well={well} of={objects.length} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

/** The part that is well, for the eye; the words say it too. */
function Meter({ well, of }: { readonly well: number; readonly of: number }) {
  return (
    <svg className="tile-meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden>
      <rect width="100" height="4" className={of === 0 || well === of ? 'meter-rest' : 'meter-ill'} />
      <rect width={of === 0 ? 0 : (100 * well) / of} height="4" className="meter-well" />
    </svg>
  );
}

function rank({ known }: KindObjects): number {
  const at = order.indexOf(known.facts.many);
  return at < 0 ? order.length : at;
}
