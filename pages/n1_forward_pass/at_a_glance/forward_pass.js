// @ts-check
// The forward pass at a glance.

import { mount } from "../../../ui/kit/mount.js";
import { Screen } from "./screen.js";

export default mount((root, page) => new Screen(root, page), ".forward-pass");
