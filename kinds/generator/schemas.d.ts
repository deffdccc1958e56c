import type { Schema } from '../schema/schema.ts';
import type { KindModel, Model, ObjectModel } from './model.ts';
/** Schema of an object type; `skip` names fields that are left out. */
export declare function schemaOfObject(model: Model, type: ObjectModel, skip?: readonly string[]): Schema;
/** Schema of a kind's objects without apiVersion, kind and metadata; conditions get their initial state. */
export declare function schemaOfKind(model: Model, kind: KindModel): Schema;
