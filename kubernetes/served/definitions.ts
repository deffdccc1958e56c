import type { Served } from './served.ts';

/** Definitions of the custom kinds, made from the registry; they can only be read. */
export const crd: Served = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  listKind: 'CustomResourceDefinitionList',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  style: 'built-in',
  source: 'definitions',
};
