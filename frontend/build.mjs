// Builds static/dist from frontend/: hashed names, a manifest, and .br and .gz beside each file.
// `node build.mjs` writes to ../static/dist; `node build.mjs FOLDER` writes elsewhere (the test compares the two).
import { build } from "esbuild";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(process.argv[2] ?? join(here, "../static/dist"));
const entries = [
  "css/site.css", "css/lightbox.css", "css/zoom.css", "css/studio.css", "css/editor.css",
  "theme.js", "site.js", "lightbox.js", "zoom.js", "viewer.js", "studio.js", "editor.js", "inspect.js",
];

async function bundle() {
  const result = await build({
    absWorkingDir: here,
    entryPoints: entries.filter((entry) => existsSync(join(here, entry))),
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    outdir: join(here, "../static/dist"),
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    external: ["/static/*"],
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
  });
  return { files: result.outputFiles, manifest: manifestOf(result.metafile) };
}

function manifestOf(metafile) {
  const pairs = Object.entries(metafile.outputs)
    .filter(([, output]) => output.entryPoint && output.entryPoint !== "")
    .map(([path, output]) => [basename(output.entryPoint), basename(path)]);
  return Object.fromEntries(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function pack(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return { br: brotliCompressSync(bytes, { params }), gz: gzipSync(bytes, { level: 9 }) };
}

// New files first, then the manifest by a rename, then the old files: a page served meanwhile finds all it names.
function write({ files, manifest }) {
  mkdirSync(dist, { recursive: true });
  const kept = new Set(["manifest.json"]);
  for (const { path, contents } of files) {
    const name = basename(path);
    [name, `${name}.br`, `${name}.gz`].forEach((one) => kept.add(one));
    if (existsSync(join(dist, `${name}.gz`)) && existsSync(join(dist, name))) continue;
    const { br, gz } = pack(contents);
    writeFileSync(join(dist, name), contents);
    writeFileSync(join(dist, `${name}.br`), br);
    writeFileSync(join(dist, `${name}.gz`), gz);
  }
  const draft = join(dist, `.manifest-${process.pid}.json`);
  writeFileSync(draft, JSON.stringify(manifest, null, 2) + "\n");
  renameSync(draft, join(dist, "manifest.json"));
  readdirSync(dist).filter((name) => !kept.has(name) && !name.startsWith(".manifest-"))
    .forEach((name) => rmSync(join(dist, name), { force: true }));
}

function report(manifest) {
  for (const name of Object.values(manifest)) {
    const kb = (path) => (readFileSync(path).length / 1024).toFixed(1).padStart(7);
    console.log(`${name.padEnd(24)} ${kb(join(dist, name))} KB ${kb(join(dist, `${name}.br`))} KB br`);
  }
}

const built = await bundle();
write(built);
report(built.manifest);
