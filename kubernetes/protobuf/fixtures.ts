/** Bodies as kubectl 1.33 sends them, in hexadecimal, and the objects that they are. */
export const fixtures: readonly { readonly hex: string; readonly object: Readonly<Record<string, unknown>> }[] = [
  {
    hex: '6b3873000a0f0a0276311209436f6e6669674d6170121c0a120a02633212001a0022002a0032003800420012060a01611201621a002200',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c2' }, data: { a: 'b' } },
  },
  {
    hex: '6b3873000a0f0a02763112094e616d657370616365121c0a140a047465616d12001a0022002a0032003800420012001a020a001a002200',
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
  },
  {
    hex: '6b3873000a0c0a0276311206536563726574121e0a120a02733212001a0022002a0032003800420012060a01611201621a001a002200',
    object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's2' }, data: { a: 'Yg==' } },
  },
  {
    hex: '6b3873000a320a17617574686f72697a6174696f6e2e6b38732e696f2f7631121753656c665375626a656374416363657373526576696577125b0a100a0012001a0022002a00320038004200123d0a3b0a0764656661756c7412066372656174651a186e6574776f726b696e672e646174756d617069732e636f6d22002a086e6574776f726b7332003a001a08080012001a0020001a002200',
    object: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          namespace: 'default',
          verb: 'create',
          group: 'networking.datumapis.com',
          resource: 'networks',
        },
      },
    },
  },
  {
    hex: '6b3873000a2d0a1861757468656e7469636174696f6e2e6b38732e696f2f7631121153656c665375626a656374526576696577121a0a100a0012001a0022002a0032003800420012060a040a0012001a002200',
    object: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  },
  {
    hex: '6b3873000a310a17617574686f72697a6174696f6e2e6b38732e696f2f7631121653656c665375626a65637452756c657352657669657712230a100a0012001a0022002a0032003800420012090a0764656661756c741a04180022001a002200',
    object: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'default' },
    },
  },
];
