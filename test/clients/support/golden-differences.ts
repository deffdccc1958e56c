/** Golden cases, as `topic/id`, that rightly differ here, each with its reason; docs/decisions says more. */
export const expectedDifferences: Readonly<Record<string, string>> = {
  'builtin/impersonate-group-only': 'a refusal that a client can read, instead of a fault of the server in plain text',
};
