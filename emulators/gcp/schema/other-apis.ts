import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { schemaFromTypes } from './from-types.ts';
import type { Schema } from './schema.ts';

/** Where the client of each API other than Compute declares its messages. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  cloudresourcemanager: 'cloudresourcemanager/v3',
  iam: 'iam/v1',
  iamcredentials: 'iamcredentials/v1',
  monitoring: 'monitoring/v3',
  secretmanager: 'secretmanager/v1',
  serviceusage: 'serviceusage/v1',
  sts: 'sts/v1',
};

/** Values that the declarations do not tell. */
const ENUMS: Readonly<Record<string, Schema['enums']>> = {
  cloudresourcemanager: { 'Project.state': ['STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'] },
  monitoring: {
    'TimeSeries.metricKind': ['METRIC_KIND_UNSPECIFIED', 'GAUGE', 'DELTA', 'CUMULATIVE'],
    'TimeSeries.valueType': ['VALUE_TYPE_UNSPECIFIED', 'BOOL', 'INT64', 'DOUBLE', 'STRING', 'DISTRIBUTION', 'MONEY'],
  },
  secretmanager: { 'SecretVersion.state': ['STATE_UNSPECIFIED', 'ENABLED', 'DISABLED', 'DESTROYED'] },
  serviceusage: { 'GoogleApiServiceusageV1Service.state': ['STATE_UNSPECIFIED', 'DISABLED', 'ENABLED'] },
};

/** The schema of an API, read from npm `googleapis` when it is first asked for. Throws when that is not installed. */
export function createOtherSchemas(): (api: string) => Schema {
  const schemas = new Map<string, Schema>();
  return (api) => {
    let schema = schemas.get(api);
    if (schema === undefined) schemas.set(api, (schema = read(api)));
    return schema;
  };
}

function read(api: string): Schema {
  const path = createRequire(import.meta.url).resolve(`googleapis/build/src/apis/${DECLARATIONS[api]}.js`);
  return schemaFromTypes(readFileSync(path.replace(/\.js$/, '.d.ts'), 'utf8'), ENUMS[api] ?? {});
}
