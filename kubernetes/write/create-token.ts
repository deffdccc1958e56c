import { leastTokenSecs, type TokenWish } from '../../access/tokens/service-account-tokens.ts';
import type { Resource } from '../../kinds/object.ts';
import { isStoreError } from '../../store/errors.ts';
import { timestamp } from '../../store/timestamp.ts';
import { decodeBody, shapeOf } from '../body/decode-body.ts';
import { groupOf } from '../body/group-of.ts';
import { readWriteOptions } from '../body/options.ts';
import { contentType } from '../form/form.ts';
import { formOf } from '../form/negotiate.ts';
import { renderObject } from '../form/render.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Parts } from '../http/parts.ts';
import type { Target } from '../http/target.ts';
import type { ServedResources } from '../served/served-resources.ts';
import type { Served } from '../served/served.ts';
import { fromStore } from '../status/from-store.ts';
import { invalid } from '../status/refusals.ts';
import type { ApiError, Cause } from '../status/status.ts';

/** What the body has once it is decoded. */
interface TokenRequest {
  readonly spec?: {
    readonly audiences?: readonly string[] | null;
    readonly expirationSeconds?: number | null;
    readonly boundObjectRef?: BoundObjectRef | null;
  };
}

interface BoundObjectRef {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** An object to which a token is bound, and as what it is served. */
interface Bound {
  readonly served: Served;
  readonly wish: NonNullable<TokenWish['bound']>;
}

/** More is refused, though nothing lives so long. */
const mostSecs = 2 ** 32;

/** POST of a TokenRequest to a service account: a token, which is told once and kept nowhere. */
export async function createToken(call: Call, target: Target, parts: Parts): Promise<Answer> {
  const { served, namespace, name = '', context, subresource } = target;
  const asked = { ...served, ...subresource?.of, style: 'built-in' as const };
  const form = formOf(call, asked);
  const { dryRun } = readWriteOptions(call.query, call.headers['user-agent'], 'CreateOptions');
  const { value } = decodeBody({
    bytes: await call.body(),
    contentType: call.headers['content-type'],
    shape: shapeOf(target),
  });
  const spec = (value as TokenRequest).spec ?? {};
  const bound = boundOf(spec.boundObjectRef ?? undefined, parts.served);
  const wish: TokenWish = {
    namespace,
    name,
    audiences: spec.audiences ?? [],
    expiresInSecs: lifeOf(spec.expirationSeconds ?? undefined),
    ...(bound === undefined ? {} : { bound: bound.wish }),
  };
  const issued = await parts.serviceAccounts.request(context, wish).catch((error: unknown) => {
    throw refusalOf(error, target, bound?.served);
  });
  const { token, expiresAt, audiences, expiresInSecs } = issued;
  const answer = {
    kind: asked.kind,
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: timestamp(new Date()) },
    spec: { audiences, expirationSeconds: expiresInSecs, boundObjectRef: spec.boundObjectRef ?? null },
    // Whoever only tries is told everything but the token.
    status: { token: dryRun ? '' : token, expirationTimestamp: timestamp(expiresAt) },
  };
  return { status: 201, type: contentType(form), body: renderObject(form, asked, answer as unknown as Resource) };
}

function lifeOf(secs = 3600): number {
  if (secs >= leastTokenSecs && secs <= mostSecs) return secs;
  const limit = secs < leastTokenSecs ? 'less than 10 minutes' : 'larger than 2^32 seconds';
  throw refuse({
    field: 'spec.expirationSeconds',
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${secs}: may not specify a duration ${limit}`,
  });
}

/** What a token is to be bound to. Throws 422 for a kind that is not in namespaces, or not served. */
function boundOf(ref: BoundObjectRef | undefined, { all }: ServedResources): Bound | undefined {
  if (ref === undefined) return undefined;
  const { apiVersion = '', kind = '', name = '', uid } = ref;
  const found = all.find(
    (each) => each.kind === kind && each.group === groupOf(apiVersion) && each.namespaced && each.stored !== undefined,
  );
  if (name === '')
    throw refuse({ field: 'spec.boundObjectRef.name', reason: 'FieldValueRequired', message: 'Required value' });
  if (found?.stored === undefined) {
    throw refuse({
      field: 'spec.boundObjectRef',
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(`${apiVersion}, Kind=${kind}`)}: cannot bind token to object of this type`,
    });
  }
  return { served: found, wish: { kind: found.stored.id, name, ...(uid ? { uid } : {}) } };
}

function refuse(cause: Cause): ApiError {
  return invalid({ group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' }, '', [cause]);
}

/** What is missing is named: the account, or what the token is to be bound to. */
function refusalOf(error: unknown, { served, namespace, name = '' }: Target, bound: Served | undefined): unknown {
  const isOfBound = bound !== undefined && isStoreError(error) && error.object.kind === bound.stored?.id;
  const of = isOfBound ? { served: bound, name: error.object.name ?? '' } : { served, name };
  return fromStore(error, { ...of, namespace, verb: 'create' });
}
