import type { Reference } from '../kind.ts';
import type { KindModel, Model } from './model.ts';
/** Every field of a kind that names an object of another, in the order of the SDL. */
export declare function referencesOf(model: Model, kind: KindModel): Reference[];
