// Loaded with --import: this package is TypeScript, and Node 20 strips no types. The tsconfig.json of the folder one
// happens to be in says nothing about it.
import { register } from "tsx/esm/api";

register({ tsconfig: false });
