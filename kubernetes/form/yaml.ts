import { stringify } from 'yaml';

/** YAML of a JSON value, quoted so that readers of YAML 1.1 and 1.2 understand it alike. */
export function yamlOf(value: unknown): string {
  return stringify(value, { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
