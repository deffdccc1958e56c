import { adviceFor } from '../../../sdk/explain/advice.ts';
import { ToneIcon } from '../../components/icons.tsx';
import { Age } from '../../components/time.tsx';
import { Link } from '../../routing/link.tsx';
import { pathOfObject } from '../../routing/paths.ts';
import type { AilingGroup } from './attention.ts';

/** Objects of a group that are named; the others are counted. */
const maxNamed = 6;

/** Objects that are not well, with what holds them and what to do. */
export function AilingList({ groups }: { readonly groups: readonly AilingGroup[] }) {
  return (
    <ul className="ailing">
      {groups.map(({ key, tone, kind, label, objects }) => (
        <li key={key} className="ailing-group">
          <ToneIcon tone={tone} size={18} />
          <div>
            <p>
              <strong>{label}</strong>{' '}
              <span className="muted">
                {objects.length === 1 ? `one ${kind}` : `${objects.length} × ${kind}`}
                {objects[0]?.since !== '' && (
                  <>
                    {' '}
                    for <Age time={objects[0]?.since} />
                  </>
                )}
              </span>
            </p>
            {objects[0]?.health.condition !== undefined && <p>{objects[0].health.condition.message}</p>}
            {tone !== 'busy' && <p className="muted">{adviceFor(objects[0]?.health.condition?.reason ?? '')}</p>}
            <ul className="ailing-names">
              {objects.slice(0, maxNamed).map(({ object }) => (
                <li key={object.metadata.uid}>
                  <Link to={pathOfObject(object)}>{object.metadata.name}</Link>
                </li>
              ))}
              {objects.length > maxNamed && <li className="muted">and {objects.length - maxNamed} more</li>}
            </ul>
          </div>
        </li>
      ))}
    </ul>
  );
}
