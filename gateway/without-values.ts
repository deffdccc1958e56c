/**
 * What graphql-js says of a value that does not fit, after it has said which value. Only what is known to hold none of it
 * passes, and only at the end: a value may read like a reason.
 */
const reasons = [
  /; (Expected (?:non-nullable )?type "[\w![\]]+" (?:to be an object|not to be null)\.)$/,
  /; (Field "\w+" of required type "[\w![\]]+" was not provided\.)$/,
  /; (Field "\w+" is not defined by type "\w+"\.(?: Did you mean ["\w ,]+\?)?)$/,
  /; (Field "\w+" must be non-null\.)$/,
  /; (Exactly one key must be specified for OneOf type "\w+"\.)$/,
  // Ours, of scalars.
  /; (\w+ must be (?:a|an) [\w .]+)$/,
];

/** Texts that show a value, up to where it stands; what follows is left out. */
const beforeValues = [
  /^(Argument "\w+" has invalid value) /,
  /^(Expected value of type "[\w![\]]+"), found /,
  /^((?:\w+|Enum "\w+") cannot represent (?:a )?(?:[\w-]+ )*value): /,
];

/**
 * The message of an error of graphql-js without the value that it is about: values may be secrets, and messages end up in the
 * logs of clients and of what stands between.
 */
export function withoutValues(message: string): string {
  const [start, at = ''] = /^Variable "\$\w+" got invalid value (?=([^]*))/.exec(message) ?? [];
  if (start !== undefined) {
    // The last one, since what stands before may be of the value.
    const [, path = ''] = /[^]* at "([\w.[\]]+)"; /.exec(at) ?? [];
    const reason = reasons.map((each) => each.exec(at)?.[1]).find((found) => found !== undefined);
    return `${start.trimEnd()}${path && ` at "${path}"`}; ${reason ?? 'it is of another type'}`;
  }
  const [, enumeration] =
    /^Value "[^]*" does not exist in ("\w+" enum\.(?: Did you mean [^]*\?)?)$/.exec(message) ?? [];
  if (enumeration !== undefined) return `A value does not exist in ${enumeration}`;
  if (message.startsWith('Syntax Error: ')) return message.replace(/((?:Block)?String) "[^]*"/, '$1');
  for (const pattern of beforeValues) {
    const [, told] = pattern.exec(message) ?? [];
    if (told !== undefined) return `${told}.`;
  }
  return message;
}
