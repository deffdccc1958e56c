import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Why } from '../../features/explain/why.tsx';
import { ObjectFrame } from '../../features/object-frame/object-frame.tsx';
import { Conditions } from '../../features/summary/conditions.tsx';
import { Metadata } from '../../features/summary/metadata.tsx';
import { Related } from '../../features/summary/related.tsx';
import { Content } from '../../features/summary/content.tsx';
import type { ObjectKey } from '../../routing/paths.ts';

interface ObjectPageProps {
  readonly known: KnownKind;
  readonly objectKey: ObjectKey;
}

/** An object of any kind: what it says of itself, what it holds and what it has to do with. */
export function ObjectPage({ known, objectKey }: ObjectPageProps) {
  return (
    <ObjectFrame
      known={known}
      objectKey={objectKey}
      summary={(object) => (
        <div className="stack">
          <Why object={object} />
          <Conditions object={object} />
          <div className="columns">
            <Content known={known} object={object} />
            <Metadata object={object} />
          </div>
          <Related known={known} object={object} />
        </div>
      )}
    />
  );
}
