// Makes generated/openapi-v2.json from the source of the Go module that clients read the document with (Apache-2.0):
//
//   go mod download -json github.com/google/gnostic-models@v0.6.9            answers a folder
//   node kubernetes/openapi/generate-descriptor.ts <folder>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const [folder] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('usage: node kubernetes/openapi/generate-descriptor.ts <folder of the module>');
const source = readFileSync(join(folder, 'openapiv2', 'OpenAPIv2.proto'), 'utf8');
const { root } = protobuf.parse(source, new protobuf.Root(), { keepCase: false });

/** Messages that no document of ours holds. */
const unused = new Set(
  (
    'Contact License ExternalDocs Xml Tag Headers Examples FileSchema JsonReference ParameterDefinitions ResponseDefinitions ' +
    'HeaderParameterSubSchema FormDataParameterSubSchema PrimitivesItems BasicAuthenticationSecurity ' +
    'Oauth2ImplicitSecurity Oauth2PasswordSecurity Oauth2ApplicationSecurity Oauth2AccessCodeSecurity'
  ).split(' '),
);

const reduced = new protobuf.Root();
const target = reduced.define('openapi.v2');
const found = new Set<string>();
const add = (name: string): void => {
  if (found.has(name)) return;
  found.add(name);
  const type = root.lookupType(`openapi.v2.${name}`);
  const copy = new protobuf.Type(name);
  for (const { name: field, id, type: of, repeated } of type.fieldsArray) {
    // Extensions are YAML text; the packed form beside it would need messages of its own.
    if (of.startsWith('google.') || unused.has(of)) continue;
    copy.add(new protobuf.Field(field, id, of, repeated ? 'repeated' : undefined));
    if (root.lookup(`openapi.v2.${of}`) instanceof protobuf.Type) add(of);
  }
  target.add(copy);
};
add('Document');
writeFileSync(
  new URL('generated/openapi-v2.json', import.meta.url),
  `${JSON.stringify(reduced.toJSON(), undefined, 1)}\n`,
);
