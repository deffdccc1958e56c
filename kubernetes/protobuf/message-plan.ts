import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs/light.js';

/** How a value of the wire becomes one of JSON. `message`: an object; `list`: a message around a list; `quantity`: around a text. */
export type ValueForm =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'bytes'
  | 'time'
  | 'microTime'
  | 'json'
  | 'list'
  | 'quantity'
  | 'message';

export interface FieldPlan {
  readonly id: number;
  /** Name in JSON. */
  readonly name: string;
  readonly rule: 'one' | 'many' | 'map';
  readonly form: ValueForm;
  /** Whether zero values are kept: Go sends them of a pointer only when they were set. */
  readonly pointer: boolean;
  /** Fields of what is inside. Present for the forms that are messages on the wire. */
  readonly message?: MessagePlan;
}

/** Fields of a message by number. */
export type MessagePlan = readonly (FieldPlan | undefined)[];

/** Option of a field that is a pointer in Go. */
export const pointerOption = 'pointer';

const root = protobuf.Root.fromJSON(
  JSON.parse(readFileSync(new URL('generated/messages.json', import.meta.url), 'utf8')) as protobuf.INamespace,
);

const plans = new Map<string, MessagePlan>();

/** Plan of a message by its full name; made once. Throws when there is no such message. */
export function messagePlan(name: string): MessagePlan {
  const type = root.lookupType(name);
  let plan = plans.get(type.fullName);
  if (plan === undefined) {
    const fields: (FieldPlan | undefined)[] = [];
    for (const field of type.fieldsArray) fields[field.id] = fieldPlan(field);
    plan = fields;
    plans.set(type.fullName, plan);
  }
  return plan;
}

function fieldPlan(field: protobuf.Field): FieldPlan {
  const { resolvedType } = field.resolve();
  const inner = resolvedType?.fullName.slice(1);
  return {
    id: field.id,
    name: field.name,
    rule: field.map ? 'map' : field.repeated ? 'many' : 'one',
    form: inner === undefined ? scalarForm(field.type) : messageForm(inner),
    pointer: field.getOption(pointerOption) === true,
    ...(inner === undefined ? {} : { message: messagePlan(inner) }),
  };
}

function scalarForm(type: string): ValueForm {
  if (type === 'string' || type === 'bool' || type === 'int32' || type === 'int64' || type === 'bytes') return type;
  throw new Error(`No field of ours is a ${type}`);
}

function messageForm(name: string): ValueForm {
  switch (name.slice(name.lastIndexOf('.') + 1)) {
    case 'Time':
      return 'time';
    case 'MicroTime':
      return 'microTime';
    case 'FieldsV1':
      return 'json';
    case 'ExtraValue':
      return 'list';
    case 'Quantity':
      return 'quantity';
    default:
      return 'message';
  }
}
