import type { Namespace, Workload } from '../../kinds/generated/types.ts';
import type { Resource } from '../../kinds/object.ts';
import type { UpdateOptions } from '../../store/types.ts';
import type { Target } from '../http/target.ts';
import { withScale } from '../scale/scale.ts';
import { finalized } from '../served/finalized.ts';
import { refuseByView, taken } from './shown.ts';

/** The stored object after somebody sent this for it, or for the part of it that the path names. */
export function nextState({ served, subresource }: Target, current: Resource, sent: Resource): Resource {
  const { resourceVersion } = sent.metadata;
  switch (subresource?.name) {
    case undefined: {
      const next = taken(served, sent);
      refuseByView(served, next, current);
      return next;
    }
    case 'status':
      return taken(served, sent);
    case 'finalize':
      return finalized(current as Namespace, sent);
    case 'scale': {
      const next = withScale(current as Workload, sent);
      // The version is a condition of the write wherever it is sent.
      return { ...next, metadata: { ...next.metadata, ...(resourceVersion ? { resourceVersion } : {}) } };
    }
    case 'token':
    case 'log':
      throw notWritten(subresource.name);
  }
}

/** How the store writes the part of an object that a path names. */
export function partOptions({ subresource }: Target): Pick<UpdateOptions, 'subresource' | 'managedAs'> {
  switch (subresource?.name) {
    case undefined:
      return {};
    case 'status':
      return { subresource: 'status' };
    case 'finalize':
    case 'scale':
      return { managedAs: subresource.name };
    case 'token':
    case 'log':
      throw notWritten(subresource.name);
  }
}

function notWritten(part: string): Error {
  return new Error(`${part} is no part of an object that is written`);
}
