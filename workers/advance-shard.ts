export { advanceShard as default } from "../src/dynamics/shard-task.ts";
