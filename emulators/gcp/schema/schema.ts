/**
 * The messages of an API, small enough to commit. A field's type is `string`, `bool`, `int32`, `int64`, `uint32`,
 * `uint64`, `float`, `double`, `any`, `enum:<name>` or the name of a message; `[]` behind it means repeated, `{}` a map
 * from strings.
 */
export interface Schema {
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}
