/** Names of all that the API has for one kind. */
export interface ApiNames {
    readonly type: string;
    /** Query field that looks one object up. */
    readonly one: string;
    /** Query field that lists. */
    readonly many: string;
    readonly create: string;
    readonly update: string;
    readonly apply: string;
    readonly delete: string;
    /** Subscription field. */
    readonly watch: string;
    readonly connection: string;
    readonly edge: string;
    readonly event: string;
    /** Twin of the type for creating. */
    readonly input: string;
    /** Twin of the type for merging and applying: every field may be absent or null. */
    readonly patch: string;
    readonly createPayload: string;
    readonly updatePayload: string;
    readonly applyPayload: string;
    readonly deletePayload: string;
}
/** Names of all that the API has for one kind. */
export declare function apiNames({ name, plural }: {
    readonly name: string;
    readonly plural: string;
}): ApiNames;
