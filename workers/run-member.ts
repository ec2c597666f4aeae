export { runTask as default } from "../src/runs/run-task.ts";
