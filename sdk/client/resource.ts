import { createInformer } from '../informer/informer.ts';
import { waitFor } from '../wait/wait-for.ts';
import type { StreamTransport } from '../transports/transport.ts';
import { watch } from '../watch/watch.ts';
import type { WatchOptions } from '../watch/watch.types.ts';
import type { Retry } from './backoff.ts';
import type { Caller } from './caller.ts';
import { documents } from './documents.ts';
import { NotFoundError } from './errors.ts';
import type { Key, Kind, KindType } from './kind.ts';
import { createList, type ListOptions } from './list.ts';
import type { CallOptions } from './options.ts';
import type {
  ApplyOptions,
  Applied,
  CreateOptions,
  Deleted,
  DeleteOptions,
  Resource,
  UpdateOptions,
  Written,
} from './resource.types.ts';
import { type Choice, type FindKind, type Selection, selectionOf } from './selection.ts';
import { errorOf, type UserError } from './user-errors.ts';

/** What the parts of a client share. */
export interface ResourceContext {
  readonly call: Caller;
  readonly streams: StreamTransport;
  readonly retry: Retry;
  readonly find: FindKind;
  readonly fieldManager: string;
}

interface Selects {
  readonly select?: object | undefined;
}

type Outcome = { readonly object?: unknown; readonly userErrors: UserError[]; readonly warnings: string[] };

interface WriteParts {
  readonly verb: 'create' | 'update' | 'apply' | 'delete';
  readonly variables: Readonly<Record<string, unknown>>;
  readonly repeatable: boolean;
  readonly namespace: string | undefined;
}

/**
 * The objects of one kind. Written without their types, which `Resource` gives to each kind: at run time all kinds are
 * alike.
 */
export function createResource<T extends KindType>(kind: Kind<T>, context: ResourceContext): Resource<T> {
  const { call, fieldManager, find } = context;
  const chosen = ({ select }: Selects = {}): Selection => selectionOf(kind, select as Choice | undefined, find);

  async function findOne({ namespace, name, ...options }: Key & CallOptions & Selects): Promise<unknown> {
    const selection = chosen(options);
    const answer = await call<{ object?: unknown }>({
      name: `${kind.many}.get`,
      document: documents.get(kind, selection),
      variables: { ...keyOf(kind, { namespace, name }), ...selection.variables },
      repeatable: true,
      signal: options.signal,
    });
    return answer.object;
  }

  async function write<R extends Outcome>(
    parts: WriteParts,
    options: CallOptions & Selects,
  ): Promise<Omit<R, 'userErrors'>> {
    const selection = chosen(options);
    const { result } = await call<{ result: R }>({
      name: `${kind.many}.${parts.verb}`,
      document: documents[parts.verb](kind, selection),
      variables: { ...parts.variables, ...selection.variables },
      repeatable: parts.repeatable,
      signal: options.signal,
    });
    const { userErrors, ...rest } = result;
    const [error, ...more] = userErrors;
    if (error !== undefined) throw errorOf([error, ...more], kind, parts.namespace);
    return rest;
  }

  const watchAll = (options: WatchOptions & Selects & { readonly namespace?: string | undefined } = {}) => {
    const { fieldSelector, labelSelector, namespace, text } = options;
    const selection = chosen(options);
    const document = documents.watch(kind, selection);
    const variables = { namespace, filter: { labelSelector, fieldSelector, text }, ...selection.variables };
    const operation = (from: string | undefined) => ({ document, variables: { ...variables, from } });
    return watch<T['object']>({ streams: context.streams, retry: context.retry, operation }, options);
  };

  const resource = {
    find: findOne,
    async get(which: Key & CallOptions & Selects): Promise<unknown> {
      const object = await findOne(which);
      if (object === undefined)
        throw new NotFoundError({ kind: kind.type, namespace: which.namespace, name: which.name });
      return object;
    },
    list: (options: ListOptions & Selects = {}) => createList(call, kind, chosen(options), options),
    create(input: Manifest, options: CreateOptions & Selects = {}) {
      const { dryRun = false, idempotencyKey = dryRun ? undefined : crypto.randomUUID() } = options;
      const variables = { input: contentOf(kind, input), dryRun, idempotencyKey };
      const { namespace } = input.metadata ?? {};
      return write<Written<unknown> & Outcome>({ verb: 'create', variables, repeatable: true, namespace }, options);
    },
    update(key: Key, patch: Manifest, options: UpdateOptions & Selects = {}) {
      const { dryRun = false, ifMatch } = options;
      const variables = { ...keyOf(kind, key), patch: contentOf(kind, patch), ifMatch, dryRun };
      return write<Written<unknown> & Outcome>(
        { verb: 'update', variables, repeatable: dryRun, namespace: key.namespace },
        options,
      );
    },
    apply(manifest: Manifest, options: ApplyOptions & Selects = {}) {
      const { dryRun = false, force = false } = options;
      const { metadata: { namespace, name = '', ...metadata } = {}, ...content } = contentOf(kind, manifest);
      const input = Object.keys(metadata).length > 0 ? { metadata, ...content } : content;
      const manager = options.fieldManager ?? fieldManager;
      const variables = { ...keyOf(kind, { namespace, name }), input, fieldManager: manager, force, dryRun };
      return write<Applied<unknown> & Outcome>({ verb: 'apply', variables, repeatable: dryRun, namespace }, options);
    },
    delete(key: Key, options: DeleteOptions & Selects = {}) {
      const { dryRun = false, ifMatch, propagation = 'BACKGROUND', uid } = options;
      const variables = { ...keyOf(kind, key), ifMatch, uid, propagation, dryRun };
      return write<Deleted<unknown> & Outcome>(
        { verb: 'delete', variables, repeatable: dryRun, namespace: key.namespace },
        options,
      );
    },
    watch: watchAll,
    informer: (options: Parameters<typeof watchAll>[0] = {}) => createInformer(watchAll, options),
    waitFor: (key: Key, ...rest: [never, never?]) => waitFor(kind.type, watchAll, key, ...rest),
  };
  return resource as unknown as Resource<T>;
}

interface Manifest {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

/** A manifest without what says its kind. Throws where that is another kind. */
function contentOf({ apiVersion: version, type }: Kind, { apiVersion = version, kind = type, ...content }: Manifest) {
  if ((version !== '' && apiVersion !== version) || kind !== type)
    throw new TypeError(`${apiVersion} ${kind} is not ${version} ${type}`);
  return content;
}

function keyOf({ namespaced }: Kind, { namespace, name }: { namespace?: string | undefined; name: string }) {
  return namespaced ? { namespace, name } : { name };
}
