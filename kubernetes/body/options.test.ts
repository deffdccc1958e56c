import { describe, expect, test } from 'vitest';
import { refusalOf } from '../status/refusal-of.ts';
import { readDeleteOptions, readWriteOptions } from './options.ts';

describe('parameters of writes', () => {
  test.each([
    [
      '',
      'kubectl/v1.33.1 (linux/amd64)',
      { dryRun: false, fieldValidation: 'Warn', fieldManager: 'kubectl', force: false },
    ],
    [
      'dryRun=All&fieldManager=me&fieldValidation=Strict',
      'x',
      { dryRun: true, fieldManager: 'me', fieldValidation: 'Strict' },
    ],
    ['fieldManager=&fieldValidation=', undefined, { fieldManager: 'unknown', fieldValidation: 'Warn' }],
    ['', '/x', { fieldManager: 'unknown' }],
    ['', `${'é'.repeat(100)}/1`, { fieldManager: 'é'.repeat(64) }],
    ['', 'a\u0007b/1', { fieldManager: 'ab' }],
  ])('%s by %s', (query, userAgent, expected) => {
    expect(readWriteOptions(new URLSearchParams(query), userAgent, 'UpdateOptions')).toMatchObject(expected);
  });

  test.each([
    ['force=False', false],
    ['force=0', false],
    ['force=true', true],
    ['force=', true],
    ['force=no', true],
  ])('%s of an apply', (query, force) => {
    expect(readWriteOptions(new URLSearchParams(`fieldManager=m&${query}`), '', 'ApplyOptions').force).toBe(force);
  });

  test.each([
    [
      'dryRun=Some',
      'CreateOptions',
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"Some"}: supported values: "All"',
    ],
    [
      'dryRun=',
      'CreateOptions',
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{""}: supported values: "All"',
    ],
    [
      'fieldValidation=Sometimes',
      'UpdateOptions',
      'UpdateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Sometimes": supported values: "", "Ignore", "Strict", "Warn"',
    ],
    [
      `fieldManager=${'m'.repeat(129)}`,
      'PatchOptions',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    [
      'fieldManager=a%07b',
      'PatchOptions',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Invalid value: "a\\u0007b": should only contain printable characters',
    ],
    [
      'force=false',
      'PatchOptions',
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ],
    [
      'force=true',
      'ApplyOptions',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
  ] as const)('%.60s of %s', (query, options, message) => {
    expect(refusalOf(() => readWriteOptions(new URLSearchParams(query), 'x', options))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message,
    });
  });
});

describe('options of deletes', () => {
  test.each([
    ['', '', { dryRun: false }],
    ['', '{}', { dryRun: false }],
    [
      '',
      '{"kind":"DeleteOptions","apiVersion":"networking.datumapis.com/v1alpha","propagationPolicy":"Foreground"}',
      { dryRun: false, propagation: 'Foreground' },
    ],
    ['', '{"orphanDependents":true}', { dryRun: false, propagation: 'Orphan' }],
    ['', '{"orphanDependents":false,"gracePeriodSeconds":0}', { dryRun: false, propagation: 'Background' }],
    [
      '',
      '{"preconditions":{"uid":"u","resourceVersion":"5"},"dryRun":["All"]}',
      { dryRun: true, uid: 'u', ifMatch: '5' },
    ],
    ['propagationPolicy=Orphan&gracePeriodSeconds=5&dryRun=All', '', { dryRun: true, propagation: 'Orphan' }],
    ['orphanDependents=1&uid=u', '', { dryRun: false, propagation: 'Orphan', uid: 'u' }],
    [
      'propagationPolicy=Orphan&dryRun=All',
      '{"propagationPolicy":"Foreground"}',
      { dryRun: true, propagation: 'Foreground' },
    ],
  ])('%s with %s', (query, body, expected) => {
    expect(options(query, body)).toEqual(expected);
  });

  test.each([
    [
      '',
      '{"propagationPolicy":"Sideways"}',
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
    ],
    [
      '',
      '{"propagationPolicy":"Orphan","orphanDependents":true}',
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ],
    ['dryRun=x', '{"dryRun":["y"]}', 422, 'dryRun: Unsupported value: []string{"y", "x"}'],
    [
      '',
      '{"preconditions":5}',
      400,
      'json: cannot unmarshal number into Go struct field DeleteOptions.preconditions of type v1.Preconditions',
    ],
    ['', '{"kind":"ConfigMap"}', 400, 'it is a ConfigMap'],
    ['', '[', 400, 'unexpected end of JSON input'],
    ['', 'null', 0, ''],
    ['gracePeriodSeconds=soon', '', 400, 'strconv.ParseInt: parsing "soon": invalid syntax'],
  ])('%s with %s', (query, body, code, message) => {
    if (code === 0) expect(options(query, body)).toEqual({ dryRun: false });
    else
      expect(refusalOf(() => options(query, body))).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('YAML is taken, XML is not', () => {
    const as = (contentType: string) =>
      readDeleteOptions({ query: new URLSearchParams(), bytes: Buffer.from('propagationPolicy: Orphan'), contentType });
    expect(as('application/yaml')).toEqual({ dryRun: false, propagation: 'Orphan' });
    expect(refusalOf(() => as('text/xml'))).toMatchObject({ code: 415 });
  });
});

function options(query: string, body: string) {
  return readDeleteOptions({ query: new URLSearchParams(query), bytes: Buffer.from(body), contentType: undefined });
}
