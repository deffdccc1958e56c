/** First letter in lower case: `networkPolicy`. */
export function fieldOf(typeName) {
    return typeName.charAt(0).toLowerCase() + typeName.slice(1);
}
/** Words joined by `-`, in lower case, as file names have them: `network-policy`. */
export function kebabOf(typeName) {
    return typeName.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}
/** Plural in camel case: `NetworkPolicy` and `networkpolicies` give `networkPolicies`. */
export function pluralFieldOf(typeName, plural) {
    let shared = 0;
    while (shared < plural.length && typeName.charAt(shared).toLowerCase() === plural.charAt(shared))
        shared += 1;
    return fieldOf(typeName.slice(0, shared) + plural.slice(shared));
}
