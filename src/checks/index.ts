/** What users see as `checks`: the properties that laws, targets and networks must have, for any test runner. */
export { checkLaw as law } from "./check-law.ts";
export { checkNetwork as network, type NetworkCheckOptions } from "./check-network.ts";
export { checkTarget as target } from "./check-target.ts";
export type { Property } from "./property.ts";
