import { isScalar } from '../../catalog/schemas.ts';
import { ListField } from './list-field.tsx';
import { MapField } from './map-field.tsx';
import { ObjectField } from './object-field.tsx';
import { ScalarField } from './scalar-field.tsx';
import { ScalarListField } from './scalar-list-field.tsx';
import type { FieldProps } from './form-context.ts';

/** A field by its schema. What has no form of its own is left to the YAML. */
export function Field(props: FieldProps) {
  const { schema } = props;
  if (isScalar(schema)) return <ScalarField {...props} />;
  if (schema.type === 'array' && schema.items !== undefined)
    return isScalar(schema.items) ? <ScalarListField {...props} /> : <ListField {...props} />;
  if (schema.properties !== undefined) return <ObjectField {...props} />;
  if (schema.additionalProperties !== undefined) return <MapField {...props} />;
  return null;
}
