import type { Served } from '../served/served.ts';
import { unsupportedMediaType } from '../status/refusals.ts';

/** How a body is written. */
export type BodyForm = 'json' | 'yaml' | 'protobuf';

const forms: Readonly<Record<string, BodyForm>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
};
const customTypes = ['application/json', 'application/yaml'];
const builtInTypes = [...customTypes, 'application/vnd.kubernetes.protobuf'];

/** Media type of a header in lower case, without parameters; empty where there is none. */
export function mediaType(header: string | undefined): string {
  const type = header ?? '';
  const end = type.indexOf(';');
  return (end === -1 ? type : type.slice(0, end)).trim().toLowerCase();
}

/** Form of a body by its header; none means JSON. Throws 415. */
export function bodyForm(header: string | undefined, style: Served['style']): BodyForm {
  const type = mediaType(header);
  if (type === '') return 'json';
  const accepted = style === 'custom' ? customTypes : builtInTypes;
  const form = accepted.includes(type) ? forms[type] : undefined;
  if (form === undefined) throw unsupportedMediaType(accepted);
  return form;
}
