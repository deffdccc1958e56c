import type { ActAs } from '../access/act-as.ts';
import type { ResourceAttributes } from '../access/authorise.ts';
import type { Identity, Origin } from '../access/identity.ts';
import type { Impersonation } from '../access/impersonate.ts';
import type { OnUnknown } from '../access/note-denied.ts';
import type { EnterProject } from '../access/projects/projects.ts';

/** Who lets callers in once they are known. */
export interface Doorkeepers {
  readonly enterProject: EnterProject;
  readonly actAs: ActAs;
  readonly onUnknown?: OnUnknown | undefined;
}

/** Where somebody wants to work, and as whom. */
export interface Wish {
  readonly project: string | undefined;
  readonly asked: Impersonation | undefined;
  readonly origin: Origin | undefined;
  readonly requestId?: string;
}

/** Who somebody is in the project they want to work in, or why they do not get there. */
export type Entered =
  | { readonly identity: Identity }
  | { readonly unknown: 'project' }
  | { readonly refused: string; readonly wanted?: ResourceAttributes | undefined };

/** Takes somebody into a project, and has them act as somebody else there, who has to know it as well. */
export function enterAs({ enterProject, actAs }: Doorkeepers, identity: Identity, wish: Wish): Entered {
  const entered = enterProject(identity, wish.project, wish);
  if (entered === undefined) return { unknown: 'project' };
  const acting = actAs(entered, wish.asked, wish.origin, wish.requestId);
  if ('refused' in acting || acting.identity === entered) return acting;
  const other = enterProject(acting.identity, undefined, wish);
  return other === undefined ? { unknown: 'project' } : { identity: other };
}
