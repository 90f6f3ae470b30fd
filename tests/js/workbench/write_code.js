// @ts-check
// The code that the workbench shows for each configuration of a file.

import { readFileSync } from "node:fs";
import { planCode } from "../../../pages/n2_architectures/workbench/plan_code.js";

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(process.argv[2], "utf-8")).map(planCode)));
