// Makes the types of the api: node generate.mjs DESCRIPTION TARGET
import { readFile, writeFile } from "node:fs/promises";

import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const [description, target] = process.argv.slice(2);
const blob = ts.factory.createTypeReferenceNode("Blob");
const types = await openapiTS(JSON.parse(await readFile(description, "utf8")), {
  // What has a default may be left out of a body.
  defaultNonNullable: false,
  // The generator's own recipe for files of forms, which it would take for text.
  transform: (schema) => (schema.format === "binary" ? blob : undefined),
});
await writeFile(target, astToString(types));
