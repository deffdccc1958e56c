import { describe, expect, it } from 'vitest';
import { type Call, freshNamespace, serverOfFile } from './support/server.ts';

const server = serverOfFile();
const group = 'networking.datumapis.com';
const network = (name: string, more: object = {}) => ({
  apiVersion: `${group}/v1alpha`,
  kind: 'Network',
  metadata: { name },
  spec: { ipam: { mode: 'Auto' } },
  ...more,
});

/** What is asked, and the code, reason, message and causes of the Status that answers it; `NS` is the test's namespace. */
interface Row {
  readonly name: string;
  readonly call: Call;
  readonly code: number;
  readonly reason: string;
  readonly message?: string | RegExp;
  readonly details?: object;
}

const networks = `/apis/${group}/v1alpha/namespaces/NS/networks`;
const patch = (type: string) => ({ 'content-type': `application/${type}-patch+json` });
const ofNetwork = (name: string) => ({ name, group, kind: 'networks' });

const rows: readonly Row[] = [
  {
    name: '401 without a token',
    call: { path: networks, headers: { authorization: '' } },
    code: 401,
    reason: 'Unauthorized',
    message: 'Unauthorized',
  },
  {
    name: '401 with a wrong token',
    call: { path: networks, headers: { authorization: 'Bearer wrong' } },
    code: 401,
    reason: 'Unauthorized',
  },
  {
    name: '403 for impersonation',
    call: { path: networks, headers: { 'impersonate-user': 'someone' } },
    code: 403,
    reason: 'Forbidden',
  },
  {
    name: '403 for deleting the namespace default',
    call: { method: 'DELETE', path: '/api/v1/namespaces/default' },
    code: 403,
    reason: 'Forbidden',
    message: /this namespace may not be deleted/,
  },
  {
    name: '404 for an object',
    call: { path: `${networks}/x` },
    code: 404,
    reason: 'NotFound',
    message: `networks.${group} "x" not found`,
    details: ofNetwork('x'),
  },
  {
    name: '404 for an object of the core group',
    call: { path: '/api/v1/namespaces/NS/secrets/x' },
    code: 404,
    reason: 'NotFound',
    message: 'secrets "x" not found',
    details: { name: 'x', kind: 'secrets' },
  },
  {
    name: '404 for a namespace',
    call: { method: 'POST', path: networks.replace('NS', 'nowhere'), body: network('x') },
    code: 404,
    reason: 'NotFound',
    message: 'namespaces "nowhere" not found',
    details: { name: 'nowhere', kind: 'namespaces' },
  },
  {
    name: '404 for a resource of the core group',
    call: { path: '/api/v1/namespaces/NS/pods' },
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
  },
  {
    name: '405 for deleting all namespaces',
    call: { method: 'DELETE', path: '/api/v1/namespaces' },
    code: 405,
    reason: 'MethodNotAllowed',
  },
  {
    name: '400 for replacing a collection',
    call: { method: 'PUT', path: networks, body: network('x') },
    code: 400,
    reason: 'BadRequest',
    message: 'name must be provided',
  },
  {
    name: '406 for a form that is not served',
    call: { path: networks, headers: { accept: 'application/cbor' } },
    code: 406,
    reason: 'NotAcceptable',
    message: /^only the following media types are accepted/,
  },
  {
    name: '409 for a name that is taken',
    call: { method: 'POST', path: networks, body: network('n') },
    code: 409,
    reason: 'AlreadyExists',
    message: `networks.${group} "n" already exists`,
    details: ofNetwork('n'),
  },
  {
    name: '409 for a version that is gone',
    call: {
      method: 'PATCH',
      path: `${networks}/n`,
      headers: patch('merge'),
      body: { metadata: { resourceVersion: '1', labels: { a: '1' } } },
    },
    code: 409,
    reason: 'Conflict',
    message: /the object has been modified; please apply your changes to the latest version and try again$/,
    details: ofNetwork('n'),
  },
  {
    name: '413 for a body over the limit',
    call: { method: 'POST', path: networks, body: network('big', { pad: 'x'.repeat(3_200_000) }) },
    code: 413,
    reason: 'RequestEntityTooLarge',
  },
  {
    name: '415 for a strategic merge patch on our kinds',
    call: { method: 'PATCH', path: `${networks}/n`, headers: patch('strategic-merge'), body: {} },
    code: 415,
    reason: 'UnsupportedMediaType',
    message: /^the body of the request was in an unknown format - accepted media types include: /,
  },
  {
    name: '415 for a body of another kind',
    call: { method: 'POST', path: networks, headers: { 'content-type': 'text/plain' }, body: 'x' },
    code: 415,
    reason: 'UnsupportedMediaType',
  },
  {
    name: '422 with each cause',
    call: { method: 'POST', path: networks, body: network('x', { spec: { ipam: { mode: 'Nope' }, mtu: 1 } }) },
    code: 422,
    reason: 'Invalid',
    details: {
      name: 'x',
      group,
      kind: 'Network',
      causes: expect.arrayContaining([
        expect.objectContaining({ reason: 'FieldValueNotSupported', field: 'spec.ipam.mode' }),
        expect.objectContaining({ reason: 'FieldValueInvalid', field: 'spec.mtu' }),
      ]),
    },
  },
  {
    name: '422 for a missing field',
    call: { method: 'POST', path: networks, body: network('x', { spec: {} }) },
    code: 422,
    reason: 'Invalid',
    message: /spec\.ipam: Required value/,
  },
  {
    name: '422 for a JSON patch that does not apply',
    call: {
      method: 'PATCH',
      path: `${networks}/n`,
      headers: patch('json'),
      body: [{ op: 'test', path: '/spec/mtu', value: 1 }],
    },
    code: 422,
    reason: 'Invalid',
  },
  {
    name: '400 for what is no JSON',
    call: { method: 'POST', path: networks, body: '{' },
    code: 400,
    reason: 'BadRequest',
  },
  {
    name: '400 for a field selector that is not known',
    call: { path: `${networks}?fieldSelector=spec.mtu%3D1` },
    code: 400,
    reason: 'BadRequest',
    message: /field label not supported: spec\.mtu/,
  },
  {
    name: '400 for a list as a merge patch',
    call: { method: 'PATCH', path: `${networks}/n`, headers: patch('merge'), body: [] },
    code: 400,
    reason: 'BadRequest',
  },
  {
    name: '504 for a version that is still to come',
    call: { path: `${networks}?resourceVersion=99999999999&resourceVersionMatch=NotOlderThan` },
    code: 504,
    reason: 'Timeout',
    message: /^Timeout: Too large resource version: 99999999999, current: \d+$/,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  },
];

describe('12 every error is a Status', () => {
  it.each(rows)('$name', async ({ call, code, reason, message, details }) => {
    const namespace = await freshNamespace(server());
    const inside = (path: string): string => path.replace('/NS/', `/${namespace}/`);
    const made = await server().call({ method: 'POST', path: inside(networks), body: network('n') });
    expect(made.status).toBe(201);
    const answer = await server().call({ ...call, path: inside(call.path) });
    expect(answer.status, answer.raw.toString()).toBe(code);
    expect(answer.body).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason,
      code,
    });
    if (typeof message === 'string') expect(answer.body.message).toBe(message);
    else if (message !== undefined) expect(answer.body.message).toMatch(message);
    if (details !== undefined) expect(answer.body.details).toEqual(details);
  });

  it('plain text for a path that is nothing', async () => {
    const answer = await server().call({ path: '/nothing' });
    expect([answer.status, answer.raw.toString()]).toEqual([404, '404 page not found\n']);
  });
});
