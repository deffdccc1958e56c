/** First letter in lower case: `networkPolicy`. */
export declare function fieldOf(typeName: string): string;
/** Words joined by `-`, in lower case, as file names have them: `network-policy`. */
export declare function kebabOf(typeName: string): string;
/** Plural in camel case: `NetworkPolicy` and `networkpolicies` give `networkPolicies`. */
export declare function pluralFieldOf(typeName: string, plural: string): string;
