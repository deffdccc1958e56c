import type { ProtoFiles } from './proto-files.ts';
import type { Schema } from './schema.ts';

/** What protobufjs writes as JSON, as far as it is read here. */
export interface ProtoNode {
  readonly nested?: Readonly<Record<string, ProtoNode>>;
  readonly fields?: Readonly<Record<string, ProtoField>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly methods?: Readonly<Record<string, ProtoMethod>>;
}

interface ProtoField {
  readonly type: string;
  readonly rule?: string;
  readonly keyType?: string;
}

interface ProtoMethod {
  readonly responseType: string;
  readonly options: Readonly<Record<string, string>>;
}

const SCALARS = new Set(['string', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'float', 'double']);

/** The package `google.cloud.compute.v1` in the document. */
export function computePackage(document: ProtoNode): Readonly<Record<string, ProtoNode>> {
  const path = ['google', 'cloud', 'compute', 'v1'];
  return path.reduce<ProtoNode>((node, name) => node.nested?.[name] ?? {}, document).nested ?? {};
}

/** The `roots` and every message they reach. An enum field is a string whose enum is nested in its message. */
export function schemaOf({ document, moreValues }: ProtoFiles, roots: Iterable<string>): Schema {
  const messages = computePackage(document);
  const schema: { messages: Record<string, Record<string, string>>; enums: Record<string, string[]> } = {
    messages: {},
    enums: {},
  };
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const message = messages[name];
    if (message?.fields === undefined || schema.messages[name] !== undefined) continue;
    const fields: Record<string, string> = {};
    schema.messages[name] = fields;
    for (const [field, declared] of Object.entries(message.fields)) {
      const values = enumValues(name, message, field, declared, moreValues);
      const enumName = `${name}.${field}`;
      if (values !== undefined) schema.enums[enumName] = values;
      else queue.push(declared.type);
      fields[field] = (values === undefined ? typeName(declared) : `enum:${enumName}`) + suffix(declared);
    }
  }
  return schema;
}

/** The message that answers each call, by `GET /compute/v1/projects/{project}/…`. */
export function answersByCall(messages: Readonly<Record<string, ProtoNode>>): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const service of Object.values(messages)) {
    for (const { options, responseType } of Object.values(service.methods ?? {})) {
      for (const verb of ['get', 'post', 'put', 'patch', 'delete']) {
        const path = options[`(google.api.http).${verb}`];
        if (path !== undefined) answers.set(callName(verb.toUpperCase(), path), responseType);
      }
    }
  }
  return answers;
}

/** Parameters lose their names, as ours and Google's may differ. */
export function callName(method: string, pattern: string): string {
  return `${method} ${pattern.replaceAll(/\{\w+\}/g, '{}')}`;
}

function enumValues(
  name: string,
  message: ProtoNode,
  field: string,
  declared: ProtoField,
  moreValues: ProtoFiles['moreValues'],
): string[] | undefined {
  const enumName = field.charAt(0).toUpperCase() + field.slice(1);
  const nestedName = message.nested?.[declared.type] === undefined ? enumName : declared.type;
  const values = message.nested?.[nestedName]?.values;
  if (values === undefined) return undefined;
  const named = Object.keys(values).filter((value) => !value.startsWith('UNDEFINED_'));
  return [...named, ...(moreValues.get(`${name}.${nestedName}`) ?? [])].toSorted();
}

function typeName({ type }: ProtoField): string {
  return SCALARS.has(type) || !type.includes('.') ? type : 'any';
}

function suffix({ rule, keyType }: ProtoField): string {
  if (keyType !== undefined) return '{}';
  return rule === 'repeated' ? '[]' : '';
}
