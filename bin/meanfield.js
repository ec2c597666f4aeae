#!/usr/bin/env node
import { existsSync } from "node:fs";

const main = new URL("../dist/src/cli/main.js", import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error(
    "meanfield is not built yet: run `npm run build` in its folder (npm start and npm test build by themselves)",
  );
  process.exitCode = 1;
}
