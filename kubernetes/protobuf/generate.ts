// Makes generated/messages.json from the sources that Kubernetes publishes as Go modules (Apache-2.0):
//
//   go mod download -json k8s.io/api@v0.33.4 k8s.io/apimachinery@v0.33.4      answers two folders
//   node kubernetes/protobuf/generate.ts <folder of api> <folder of apimachinery>
//
// The .proto files give messages and numbers. Their Go types give two facts beyond: the JSON name where it differs, and
// which fields are pointers, whose zero value means something.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import protobuf from 'protobufjs';
import { pointerOption } from './message-plan.ts';
import { everywhere, topLevel, typeMeta } from './top-level.ts';

/** Descriptors of the messages that bodies consist of, and of no others. */
export function describe(apiFolder: string, machineryFolder: string): protobuf.INamespace {
  const fileOf = (path: string): string =>
    path.startsWith('k8s.io/api/')
      ? join(apiFolder, path.slice('k8s.io/api/'.length))
      : join(machineryFolder, path.slice('k8s.io/apimachinery/'.length));
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => fileOf(target);
  const kinds = [...topLevel.values(), everywhere];
  const packages = [packageOf(typeMeta), ...kinds.map((entry) => entry.package)];
  root.loadSync(packages.map((name) => `${folderOf(name)}/generated.proto`));
  const wanted = closure(root, [
    typeMeta,
    ...kinds.flatMap((entry) => entry.kinds.map((kind) => `${entry.package}.${kind}`)),
  ]);
  const reduced = new protobuf.Root();
  for (const type of wanted) reduced.define(packageOf(type.fullName.slice(1))).add(reducedType(type, fileOf));
  return reduced.toJSON();
}

function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

/** `k8s.io.api.core.v1` lies in `k8s.io/api/core/v1`. */
function folderOf(name: string): string {
  return `k8s.io/${name.slice('k8s.io.'.length).replaceAll('.', '/')}`;
}

function closure(root: protobuf.Root, names: readonly string[]): protobuf.Type[] {
  const found = new Set<protobuf.Type>();
  const add = (type: protobuf.Type): void => {
    if (found.has(type)) return;
    found.add(type);
    for (const field of type.fieldsArray) {
      const { resolvedType } = field.resolve();
      if (resolvedType instanceof protobuf.Type) add(resolvedType);
    }
  };
  for (const name of names) add(root.lookupType(name));
  return [...found].toSorted((a, b) => (a.fullName < b.fullName ? -1 : 1));
}

function reducedType(type: protobuf.Type, fileOf: (path: string) => string): protobuf.Type {
  const goFields = goFieldsOf(fileOf(folderOf(packageOf(type.fullName.slice(1)))), type.name);
  const reduced = new protobuf.Type(type.name);
  for (const field of type.fieldsArray) {
    const go = goFields.get(field.id);
    const name = go?.jsonName ?? field.name;
    const options = go?.pointer ? { [pointerOption]: true } : undefined;
    const inner = field.resolvedType?.fullName.slice(1) ?? field.type;
    reduced.add(
      field instanceof protobuf.MapField
        ? new protobuf.MapField(name, field.id, field.keyType, inner, options)
        : new protobuf.Field(name, field.id, inner, field.repeated ? 'repeated' : 'optional', undefined, options),
    );
  }
  return reduced;
}

/** What the Go struct of a message says of its fields, by number. */
function goFieldsOf(folder: string, name: string): Map<number, { jsonName?: string; pointer: boolean }> {
  const file = ['types.go', 'time.go', 'micro_time.go'].map((each) => join(folder, each));
  const source = file.map((path) => readOrEmpty(path)).join('\n');
  const body = new RegExp(`^type ${name} struct \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(source)?.[1] ?? '';
  const fields = body.matchAll(/^\t\w*\s*(\*?)[\w.[\]*]+\s+`json:"([\w-]*)[^`]*protobuf:"\w+,(\d+)/gm);
  return new Map(
    [...fields].map(([, star, jsonName = '', id]) => [
      Number(id),
      { ...(/^\w+$/.test(jsonName) ? { jsonName } : {}), pointer: star === '*' },
    ]),
  );
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const [, script = '', apiFolder, machineryFolder] = process.argv;
if (import.meta.url === pathToFileURL(script).href) {
  if (apiFolder === undefined || machineryFolder === undefined)
    throw new Error(
      'Usage: node kubernetes/protobuf/generate.ts <folder of k8s.io/api> <folder of k8s.io/apimachinery>',
    );
  const text = `${JSON.stringify(describe(apiFolder, machineryFolder), undefined, 1)}\n`;
  writeFileSync(new URL('generated/messages.json', import.meta.url), text);
}
