import { Prose } from '../../components/prose.tsx';
import { Menu } from '@base-ui/react/menu';
import { Plus } from 'lucide-react';
import type { Schema } from '../../catalog/schemas.ts';
import { labelOf } from './form-context.ts';
import '../../components/select.css';

interface AddFieldMenuProps {
  /** Of what they are fields. */
  readonly of: string;
  readonly fields: readonly (readonly [name: string, schema: Schema])[];
  readonly onAdd: (name: string, schema: Schema) => void;
}

/** Fields that are not there, to be added. */
export function AddFieldMenu({ of, fields, onAdd }: AddFieldMenuProps) {
  return (
    <div>
      <Menu.Root modal={false}>
        <Menu.Trigger className="button button-quiet" aria-label={`Add field to ${of}`}>
          <Plus size={14} aria-hidden />
          Add field
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="popup-positioner" sideOffset={4} align="start">
            <Menu.Popup className="popup">
              {fields.map(([name, schema]) => (
                <Menu.Item key={name} className="popup-item form-menu-item" onClick={() => onAdd(name, schema)}>
                  <span>{labelOf(name)}</span>
                  {schema.description !== undefined && (
                    <span className="form-about">
                      <Prose text={schema.description} />
                    </span>
                  )}
                </Menu.Item>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}
