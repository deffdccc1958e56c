import { useQuery } from '@tanstack/react-query';
import { kindOfPlural, type KnownKind } from '../../catalog/known-kinds.ts';
import { nameOfKind } from '../../catalog/kind-names.ts';
import { schemaOf } from '../../catalog/schemas.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { NotFound } from '../../features/not-found/not-found.tsx';
import { useObject } from '../../features/object-frame/use-object.ts';
import type { ObjectKey } from '../../routing/paths.ts';
import { useTitle } from '../../routing/use-title.ts';
import { Editor } from './editor.tsx';

interface EditPageProps {
  readonly plural: string;
  /** The object that is changed; absent: a new one is made. */
  readonly objectKey?: ObjectKey | undefined;
}

/** Makes an object, or changes one: by form and as YAML, side by side. */
export function EditPage({ plural, objectKey }: EditPageProps) {
  const known = kindOfPlural(plural);
  if (known === undefined) return <NotFound />;
  return objectKey === undefined ? <Create known={known} /> : <Change known={known} objectKey={objectKey} />;
}

function Create({ known }: { readonly known: KnownKind }) {
  const schema = useSchema(known);
  useTitle(`New ${nameOfKind(known.facts)}`);
  return schema === undefined ? <p className="muted">Loading …</p> : <Editor known={known} schema={schema} />;
}

function Change({ known, objectKey }: { readonly known: KnownKind; readonly objectKey: ObjectKey }) {
  const schema = useSchema(known);
  const live = useObject(known, objectKey);
  useTitle(`Edit ${objectKey.name}`);
  switch (live.state) {
    case 'loading':
      return <p className="muted">Loading …</p>;
    case 'failed':
      return <ErrorNotice what="The object could not be read" error={live.error} />;
    case 'missing':
      return <EmptyState isPage title={`There is no ${nameOfKind(known.facts)} ${objectKey.name}`} />;
    case 'deleted':
      return <EmptyState isPage title={`${objectKey.name} was deleted while you edited it`} />;
    case 'there':
      return schema === undefined ? (
        <p className="muted">Loading …</p>
      ) : (
        <Editor known={known} schema={schema} latest={live.object} />
      );
  }
}

function useSchema({ facts }: KnownKind) {
  return useQuery({
    queryKey: ['schema', facts.many],
    queryFn: async () => schemaOf(facts.many, facts.namespaced),
    staleTime: Infinity,
  }).data;
}
