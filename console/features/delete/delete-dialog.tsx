import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../api/client-context.tsx';
import type { AnyObject } from '../../catalog/any-object.ts';
import { nameOfKind } from '../../catalog/kind-names.ts';
import type { KnownKind } from '../../catalog/known-kinds.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Select } from '../../components/select.tsx';
import { say } from '../../components/toasts.tsx';
import { CopyMenu } from '../copy/copy-menu.tsx';
import { type Owned, readOwned } from './read-owned.ts';
import './delete-dialog.css';

interface DeleteDialogProps {
  readonly known: KnownKind;
  readonly object: AnyObject;
  readonly onClose: () => void;
}

const propagations = [
  { value: 'BACKGROUND', label: 'It first, then what it owns' },
  { value: 'FOREGROUND', label: 'What it owns first, then it' },
  { value: 'ORPHAN', label: 'It alone; what it owns stays' },
] as const;
type Propagation = (typeof propagations)[number]['value'];

/** Shows what goes when an object is deleted, and deletes it. */
export function DeleteDialog({ known, object, onClose }: DeleteDialogProps) {
  const { facts, kind } = known;
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const client = useClient();
  const [propagation, setPropagation] = useState<Propagation>('BACKGROUND');
  const key = { namespace: facts.namespaced ? namespace : undefined, name };
  const owned = useQuery({
    queryKey: ['owned', facts.many, namespace, name, resourceVersion],
    queryFn: async ({ signal }) => readOwned(client, known, object, signal),
  });
  // The server is asked before a human decides: what cannot be deleted says so at once.
  const rehearsal = useQuery({
    queryKey: ['delete', facts.many, namespace, name, resourceVersion, propagation],
    queryFn: async ({ signal }) => {
      await client.resource(kind).delete(key, { uid, propagation, dryRun: true, signal });
      return true;
    },
  });
  const deletion = useMutation({
    mutationFn: async () => client.resource(kind).delete(key, { uid, propagation }),
    onSuccess: ({ deleted }) => {
      say(deleted ? `${name} was deleted` : `${name} is being deleted`);
      onClose();
    },
  });
  return (
    <Dialog title={`Delete ${nameOfKind(facts)} ${name}?`} isOpen onClose={onClose}>
      <OwnedList owned={owned.data} error={owned.error} keeps={propagation === 'ORPHAN'} />
      {(owned.data?.length ?? 0) > 0 && (
        <Select
          label="Order of deletion"
          value={propagation}
          options={propagations}
          onChange={(value) => setPropagation(value as Propagation)}
        />
      )}
      {rehearsal.error !== null && <ErrorNotice what="The server would refuse this" error={rehearsal.error} />}
      {deletion.error !== null && <ErrorNotice what={`${name} was not deleted`} error={deletion.error} />}
      <div className="dialog-actions">
        <CopyMenu known={known} object={object} action="delete" />
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" disabled={deletion.isPending} onClick={() => deletion.mutate()}>
          {deletion.isPending ? 'Deleting …' : 'Delete'}
        </Button>
      </div>
    </Dialog>
  );
}

interface OwnedListProps {
  readonly owned: readonly Owned[] | undefined;
  readonly error: unknown;
  readonly keeps: boolean;
}

function OwnedList({ owned, error, keeps }: OwnedListProps) {
  if (error !== null) return <ErrorNotice what="What it takes along could not be read" error={error} />;
  if (owned === undefined) return <p className="muted">Looking for what it takes along …</p>;
  if (owned.length === 0) return <p>It owns nothing: only it goes. This cannot be undone.</p>;
  return (
    <div className="owned">
      <p>{keeps ? 'It goes alone; these stay without an owner:' : 'These go with it, and cannot be brought back:'}</p>
      <ul>
        {owned.map(({ kind, names, isCut }) => (
          <li key={kind}>
            <strong>
              {names.length}
              {isCut && '+'} {kind}
            </strong>
            <span className="muted">
              {' '}
              {names.slice(0, 8).join(', ')}
              {names.length > 8 && ' …'}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
