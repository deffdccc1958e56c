// Kubernetes' rules for names, with its texts: each function answers what is wrong, or undefined.

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualifiedPart})?`;
const configKey = '[-._a-zA-Z0-9]+';
const environmentName = '[-._a-zA-Z][-._a-zA-Z0-9]*';

const isLabel = whole(label);
const isSubdomain = whole(subdomain);
const isQualifiedPart = whole(qualifiedPart);
const isLabelValue = whole(labelValue);
const isConfigKey = whole(configKey);
const isEnvironmentName = whole(environmentName);

const maxLabel = 63;
const maxSubdomain = 253;
const maxPortName = 15;

/** RFC 1123 label: one part of a domain name, at most 63 characters. */
export function labelFault(text: string): string | undefined {
  if (text.length > maxLabel) return atMost(maxLabel);
  if (isLabel.test(text)) return undefined;
  return `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character${such(label, 'my-name', '123-abc')}`;
}

/** RFC 1123 subdomain: a domain name in lower case, at most 253 characters. */
export function subdomainFault(text: string): string | undefined {
  if (text.length > maxSubdomain) return atMost(maxSubdomain);
  if (isSubdomain.test(text)) return undefined;
  return `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character${such(subdomain, 'example.com')}`;
}

/** Key of a label or annotation, or a finalizer: a name of at most 63 characters, perhaps behind `<domain>/`. */
export function qualifiedNameFault(text: string): string | undefined {
  const slash = text.indexOf('/');
  const [prefix, name] = slash < 0 ? [undefined, text] : [text.slice(0, slash), text.slice(slash + 1)];
  if (name.includes('/')) {
    return `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character${such(qualifiedPart, 'MyName', 'my.name', '123-abc')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  }
  if (prefix === '') return 'prefix part must be non-empty';
  const prefixFault = prefix === undefined ? undefined : subdomainFault(prefix);
  if (prefixFault !== undefined) return `prefix part ${prefixFault}`;
  if (name === '') return 'name part must be non-empty';
  if (name.length > maxLabel) return `name part ${atMost(maxLabel)}`;
  if (isQualifiedPart.test(name)) return undefined;
  return `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character${such(qualifiedPart, 'MyName', 'my.name', '123-abc')}`;
}

/** Value of a label: empty, or at most 63 characters. */
export function labelValueFault(text: string): string | undefined {
  if (text.length > maxLabel) return atMost(maxLabel);
  if (isLabelValue.test(text)) return undefined;
  return `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character${such(labelValue, 'MyValue', 'my_value', '12345')}`;
}

/** Key in a config map or secret. */
export function configKeyFault(text: string): string | undefined {
  if (text.length > maxSubdomain) return atMost(maxSubdomain);
  if (text === '.' || text === '..') return `must not be '${text}'`;
  if (text.startsWith('..')) return "must not start with '..'";
  if (isConfigKey.test(text)) return undefined;
  return `a valid config key must consist of alphanumeric characters, '-', '_' or '.'${such(configKey, 'key.name', 'KEY_NAME', 'key-name')}`;
}

/** Name of an environment variable. */
export function environmentNameFault(text: string): string | undefined {
  if (isEnvironmentName.test(text)) return undefined;
  return `a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit${such(environmentName, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1')}`;
}

/** Name of a port: at most 15 characters, told apart from a number by a letter. */
export function portNameFault(text: string): string | undefined {
  if (text.length > maxPortName) return atMost(maxPortName);
  if (!/^[-a-z0-9]+$/.test(text)) return 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  if (!/[a-z]/.test(text)) return 'must contain at least one letter (a-z)';
  if (text.includes('--')) return 'must not contain consecutive hyphens';
  if (text.startsWith('-') || text.endsWith('-')) return 'must not begin or end with a hyphen';
  return undefined;
}

/** Name that only has to be one segment of a path: roles and their bindings. */
export function pathSegmentFault(text: string): string | undefined {
  if (text === '.' || text === '..') return `may not be '${text}'`;
  const found = ['/', '%'].find((sign) => text.includes(sign));
  return found === undefined ? undefined : `may not contain '${found}'`;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

function atMost(length: number): string {
  return `must be no more than ${length} characters`;
}

function such(pattern: string, ...examples: readonly string[]): string {
  return ` (e.g. ${examples.map((example) => `'${example}'`).join(',  or ')}, regex used for validation is '${pattern}')`;
}
