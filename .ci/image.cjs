// image.cjs TAR FIELD: a field of the image's configuration, or `own`: the bytes that a code change ships at the most.
const { execFileSync } = require("node:child_process");

const [tar, field] = process.argv.slice(2);
const entry = (name) => JSON.parse(execFileSync("tar", ["-xOf", tar, name], { maxBuffer: 1 << 26 }));
const blob = (digest) => entry(`blobs/sha256/${digest.replace("sha256:", "")}`);

const manifest = blob(entry("index.json").manifests[0].digest);
const image = blob(manifest.config.digest);
// every layer but the largest, which holds the libraries; the base of the check is empty
const sizes = manifest.layers.map((layer) => layer.size).sort((a, b) => b - a);
const facts = { ...image.config, own: sizes.slice(1).reduce((sum, size) => sum + size, 0) };
// labels have dots in their names: a path is parted by slashes
console.log(String(field.split("/").reduce((value, key) => value[key], facts)));
