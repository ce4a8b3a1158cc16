/** The expression of a namespace that an object of manifests does not name: that of two objects may be two namespaces. */
export const UNKNOWN_NAMESPACE = "NAMESPACE";
