/** Golden cases, as `topic/id`, that rightly differ here, each with its reason; docs/decisions says more. */
export const expectedDifferences: Readonly<Record<string, string>> = {};
