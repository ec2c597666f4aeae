export { touchLocks as default } from "../src/runs/touch-locks.ts";
