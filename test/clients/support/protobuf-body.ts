/** What kubectl 1.33 sends for `create secret generic s2 --from-literal=a=b`. */
export const secretS2 = Buffer.from(
  '6b3873000a0c0a0276311206536563726574121e0a120a02733212001a0022002a0032003800420012060a01611201621a001a002200',
  'hex',
);

/** Delete options without any option, as typed Go clients send them. */
export const emptyDeleteOptions = Buffer.concat([
  Buffer.from('k8s\0'),
  field(1, Buffer.concat([field(1, Buffer.from('v1')), field(2, Buffer.from('DeleteOptions'))])),
  field(2, Buffer.alloc(0)),
]);

/** Headers of a typed Go client. */
export const protobufHeaders = {
  'content-type': 'application/vnd.kubernetes.protobuf',
  accept: 'application/vnd.kubernetes.protobuf,application/json',
};

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
}
