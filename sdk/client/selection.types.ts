import type { KindType, Many, One, Paged } from './kind.ts';

/** Arguments of a relation that is a page of objects. */
export interface PageArguments {
  /** 1 to 200; 50 by default. */
  readonly first?: number;
  readonly after?: string;
  readonly filter?: { readonly labelSelector?: string; readonly fieldSelector?: string; readonly text?: string };
  readonly orderBy?: Order;
}

/** Order of a list: by name, or by time of creation. */
export type Order = 'NAME' | 'NAME_DESC' | 'CREATED' | 'CREATED_DESC';

type Item<T> = NonNullable<T> extends readonly (infer I)[] ? NonNullable<I> : NonNullable<T>;

/** What has no parts to choose from: plain values, and maps with free keys. */
type IsLeaf<T> = [T] extends [object] ? (string extends keyof T ? true : false) : true;

/** Choice of the parts of a value: `true` for all of it, or the parts by name. */
export type PartsOf<T> =
  IsLeaf<Item<T>> extends true ? true : true | { readonly [P in keyof Item<T>]?: PartsOf<Item<T>[P]> };

type SelectRelation<R> =
  R extends Paged<infer T>
    ? {
        readonly $?: PageArguments;
        readonly nodes?: true | Select<T>;
        readonly pageInfo?: PartsOf<PageInfo>;
      }
    : R extends Many<infer T> | One<infer T>
      ? true | Select<T>
      : never;

/** What the caller may do to an object, as far as access rules say. */
export interface ViewerCan {
  get: boolean;
  update: boolean;
  patch: boolean;
  delete: boolean;
  /** Whether objects of the caller may name it; absent for kinds that are not used so. */
  use?: boolean;
  /** The parts of the object that have rights of their own: `status`, `scale`. */
  subresources: { name: string; get: boolean; update: boolean; patch: boolean }[];
}

/** Where a page stands. */
export interface PageInfo {
  hasNextPage: boolean;
  endCursor?: string;
}

/** Choice of the fields and relations of a kind. `true` is all of a field, but never its relations. */
export type Select<T extends KindType> = string extends keyof T['object'] ? AnyChoice : SelectKnown<T>;

/** A choice of the fields of a kind that was not known when the program was written. */
export interface AnyChoice {
  readonly [field: string]: unknown;
}

type SelectKnown<T extends KindType> = {
  readonly [P in keyof T['object']]?: PartsOf<T['object'][P]>;
} & {
  readonly [P in keyof T['relations']]?: SelectRelation<T['relations'][P]>;
} & { readonly id?: true; readonly viewerCan?: PartsOf<ViewerCan> };

/** The choice itself, with `never` where it names what there is not, so that a wrong name does not compile. */
export type Strict<S, Allowed> = string extends keyof Allowed
  ? S
  : S extends object
    ? { [P in keyof S]: P extends keyof Shape<Allowed> ? Strict<S[P], Shape<Allowed>[P]> : never }
    : S;

type Shape<T> = Exclude<NonNullable<T>, true>;

/** A value with the chosen parts. */
type Part<V, S> = S extends true
  ? V
  : V extends readonly (infer I)[]
    ? Part<I, S>[]
    : V extends object
      ? { [P in keyof V as P extends keyof S ? P : never]: P extends keyof S ? Part<V[P], S[P]> : never }
      : V;

type RelationPart<R, S> =
  R extends Paged<infer T>
    ? (S extends { readonly nodes: infer N } ? { nodes: Selected<T, N>[] } : unknown) &
        (S extends { readonly pageInfo: infer P } ? { pageInfo: Part<PageInfo, P> } : unknown)
    : R extends Many<infer T>
      ? Selected<T, S>[]
      : R extends One<infer T>
        ? Selected<T, S>
        : never;

/** `true` gives the whole object without relations; a choice gives what it names. */
export type Selected<T extends KindType, S> = S extends true | undefined
  ? T['object']
  : string extends keyof T['object']
    ? T['object']
    : Flat<
        Part<T['object'], S> & {
          [
            P in keyof T['relations'] as P extends keyof S
              ? T['relations'][P] extends One<KindType>
                ? never
                : P
              : never
          ]: P extends keyof S ? RelationPart<T['relations'][P], S[P]> : never;
        } & {
          [
            P in keyof T['relations'] as P extends keyof S
              ? T['relations'][P] extends One<KindType>
                ? P
                : never
              : never
          ]?: P extends keyof S ? RelationPart<T['relations'][P], S[P]> : never;
        } & (S extends { readonly id: true } ? { id: string } : unknown) &
          (S extends { readonly viewerCan: infer C } ? { viewerCan: Part<ViewerCan, C> } : unknown)
      >;

type Flat<T> = { [P in keyof T]: T[P] };
