import { useQuery } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useClient } from '../../api/client-context.tsx';
import { Button, buttonClass } from '../../components/button.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import type { ViewerCan } from '../../../sdk/main.ts';
import { Link } from '../../routing/link.tsx';
import { paths } from '../../routing/paths.ts';
import { CopyMenu } from '../copy/copy-menu.tsx';
import { DeleteDialog } from '../delete/delete-dialog.tsx';

interface ObjectActionsProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
}

/** What can be done to an object; only what the caller's rights allow is offered. */
export function ObjectActions({ known, object }: ObjectActionsProps) {
  const [isDeleting, setDeleting] = useState(false);
  const { data: can } = useViewerCan(known, object);
  const { metadata } = object;
  return (
    <>
      <CopyMenu known={known} object={object} />
      {can?.patch === true && (
        <Link to={paths.edit(known.facts.plural, metadata)} className={buttonClass('plain')}>
          <Pencil size={15} aria-hidden />
          Edit
        </Link>
      )}
      {can?.delete === true && metadata.deletionTimestamp === undefined && (
        <Button onClick={() => setDeleting(true)}>
          <Trash2 size={15} aria-hidden />
          Delete
        </Button>
      )}
      {isDeleting && <DeleteDialog known={known} object={object} onClose={() => setDeleting(false)} />}
    </>
  );
}

function useViewerCan({ kind, facts }: KnownKind, { metadata }: AnyObject) {
  const client = useClient();
  const { namespace, name } = metadata;
  return useQuery({
    queryKey: ['viewerCan', facts.many, namespace, name],
    queryFn: async ({ signal }) => {
      const select = { viewerCan: { update: true, patch: true, delete: true } };
      const found = await client
        .resource(kind)
        .get({ namespace: facts.namespaced ? namespace : undefined, name, select, signal });
      return found['viewerCan'] as Pick<ViewerCan, 'update' | 'patch' | 'delete'>;
    },
    staleTime: 30_000,
  });
}
