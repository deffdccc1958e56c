import { documentOf, type Document } from '../discovery/document.ts';
import type { Served } from '../served/served.ts';
import type { ServedResources } from '../served/served-resources.ts';
import { groupVersionDocument } from './group-version-document.ts';
import { rootPath } from './paths.ts';
import { swaggerDocument, type Swagger2 } from './swagger-document.ts';
import { swaggerProtobuf } from './swagger-protobuf.ts';

/** The OpenAPI documents of what is served, each made when first asked for and then kept. */
export interface OpenApiDocuments {
  /** Lists the others. */
  index(): Document;
  /** By `api/v1` or `apis/<group>/<version>`; undefined where nothing is served. */
  groupVersion(path: string): Document | undefined;
  swaggerJson(): Document;
  swaggerProtobuf(): Document;
}

/** Content type of the protobuf form of version 2. */
const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const made = new WeakMap<ServedResources, OpenApiDocuments>();

/** The documents of what is served. */
export function openApiDocuments(served: ServedResources): OpenApiDocuments {
  let documents = made.get(served);
  if (documents === undefined) {
    documents = documentsOf(served);
    made.set(served, documents);
  }
  return documents;
}

function documentsOf({ all }: ServedResources): OpenApiDocuments {
  const byPath = Map.groupBy(all, (served) => rootPath(served).slice(1));
  // Users' groups come and go.
  for (const path of kept.keys()) if (!byPath.has(path)) kept.delete(path);
  const groupVersion = (path: string): Document | undefined => {
    const resources = byPath.get(path);
    return resources === undefined ? undefined : groupVersionJson(path, resources);
  };
  const swagger = (): Swagger2 => swaggerDocument([...byPath.values()].map(groupVersionDocument));
  return {
    groupVersion,
    index: once(() => {
      const paths = [...byPath].map(([path, resources]) => [
        path,
        { serverRelativeURL: urlOf(path, groupVersionJson(path, resources)) },
      ]);
      return documentOf('text/plain; charset=utf-8', JSON.stringify({ paths: Object.fromEntries(paths) as object }));
    }),
    swaggerJson: once(() => documentOf('application/json', JSON.stringify(swagger()))),
    swaggerProtobuf: once(() => documentOf(protobufType, swaggerProtobuf(swagger()))),
  };
}

/** Where a document is found for ever, as its content is part of the address. */
export function urlOf(path: string, { hash }: Document): string {
  return `/openapi/v3/${path}?hash=${hash}`;
}

/** Documents of groups and versions, with what they were made from: they outlive a change of other groups. */
const kept = new Map<string, { readonly parts: readonly unknown[]; readonly document: Document }>();

function groupVersionJson(path: string, resources: readonly Served[]): Document {
  // What is served is described by its kind in the store, or is always the same.
  const parts = resources.map(({ stored, kind }) => stored ?? kind);
  const found = kept.get(path);
  if (found?.parts.length === parts.length && parts.every((part, index) => part === found.parts[index]))
    return found.document;
  const document = documentOf('application/json', JSON.stringify(groupVersionDocument(resources)));
  kept.set(path, { parts, document });
  return document;
}

function once<T>(make: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= make());
}
