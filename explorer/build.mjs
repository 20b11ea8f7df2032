// Builds the page into the package (or, with a folder as argument, into that); with --tests, what node's test
// runner runs. The same sources and the same locked tools make the same bytes.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const common = { absWorkingDir: here("."), bundle: true, logLevel: "warning" };

if (process.argv[2] === "--tests") {
  const outdir = here("../target/explorer-tests");
  rmSync(outdir, { recursive: true, force: true });
  const entryPoints = readdirSync(here("test")).filter((name) => name.endsWith(".test.mjs"));
  await build({
    ...common,
    entryPoints: entryPoints.map((name) => here(`test/${name}`)),
    outdir,
    outExtension: { ".js": ".mjs" },
    platform: "node",
    format: "esm",
  });
} else {
  const outdir = process.argv[2] ?? here("../hashtable_lab/explore/static");
  mkdirSync(outdir, { recursive: true });
  await build({
    ...common,
    entryPoints: [here("src/app.ts")],
    outdir,
    loader: { ".css": "text" },
    minify: true,
    format: "esm",
    target: ["chrome110", "firefox115", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
  });
  for (const name of ["index.html", "page.js"]) copyFileSync(here(`src/${name}`), join(outdir, name));
}
