/** Encodes metadata for clients that prefer protobuf. The encoding itself follows in the next commit. */
export function encodeProtobuf(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
