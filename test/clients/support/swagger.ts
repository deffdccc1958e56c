import protobuf from 'protobufjs';

/** The parts of the OpenAPI v2 document in protobuf that clients read, with the numbers of its published description. */
const description = {
  nested: {
    Document: {
      fields: {
        swagger: { type: 'string', id: 1 },
        paths: { type: 'Paths', id: 8 },
        definitions: { type: 'Definitions', id: 9 },
      },
    },
    Paths: { fields: { path: { rule: 'repeated', type: 'NamedPath', id: 2 } } },
    NamedPath: { fields: { name: { type: 'string', id: 1 } } },
    Definitions: { fields: { additionalProperties: { rule: 'repeated', type: 'NamedSchema', id: 1 } } },
    NamedSchema: { fields: { name: { type: 'string', id: 1 }, value: { type: 'Schema', id: 2 } } },
    Schema: {
      fields: {
        ref: { type: 'string', id: 1 },
        description: { type: 'string', id: 4 },
        required: { rule: 'repeated', type: 'string', id: 19 },
        type: { type: 'TypeItem', id: 22 },
        properties: { type: 'Properties', id: 25 },
        vendorExtension: { rule: 'repeated', type: 'NamedAny', id: 31 },
      },
    },
    TypeItem: { fields: { value: { rule: 'repeated', type: 'string', id: 1 } } },
    Properties: { fields: { additionalProperties: { rule: 'repeated', type: 'NamedSchema', id: 1 } } },
    NamedAny: { fields: { name: { type: 'string', id: 1 }, value: { type: 'Any', id: 2 } } },
    Any: { fields: { yaml: { type: 'string', id: 2 } } },
  },
};

const document = protobuf.Root.fromJSON(description).lookupType('Document');

export interface SwaggerSchema {
  readonly properties?: {
    readonly additionalProperties?: readonly { readonly name: string; readonly value: SwaggerSchema }[];
  };
  readonly type?: { readonly value: readonly string[] };
  readonly vendorExtension?: readonly { readonly name: string; readonly value: { readonly yaml: string } }[];
}

/** Version, paths and definitions of an OpenAPI v2 document in protobuf. */
export function decodeSwagger(bytes: Buffer): {
  readonly swagger: string;
  readonly paths: readonly string[];
  readonly definitions: ReadonlyMap<string, SwaggerSchema>;
} {
  const { swagger, paths, definitions } = document.toObject(document.decode(bytes)) as {
    swagger: string;
    paths: { path: { name: string }[] };
    definitions: { additionalProperties: { name: string; value: SwaggerSchema }[] };
  };
  return {
    swagger,
    paths: paths.path.map(({ name }) => name),
    definitions: new Map(definitions.additionalProperties.map(({ name, value }) => [name, value])),
  };
}
