// image.cjs TAR FIELD: a field of the image's configuration, or `own`: the bytes that a code change ships at the most.
const { execFileSync } = require("node:child_process");

const [tar, field] = process.argv.slice(2);
const read = (...options) => execFileSync("tar", [...options, "-f", tar], { encoding: "utf8", maxBuffer: 1 << 26 });
const [{ Config, Layers }] = JSON.parse(read("-x", "-O", "manifest.json"));
const { config } = JSON.parse(read("-x", "-O", Config));
const sizes = new Map(
  read("-t", "-v", "--numeric-owner")
    .trim()
    .split("\n")
    .map((line) => line.split(/ +/))
    .map((columns) => [columns[5], Number(columns[2])]),
);
// every layer but the largest, which holds the libraries; the base of the check is empty
const layers = Layers.map((layer) => sizes.get(layer)).sort((a, b) => b - a);
const facts = { Env: [], ...config, own: layers.slice(1).reduce((sum, size) => sum + size, 0) };
// labels have dots in their names: a path is parted by slashes
console.log(String(field.split("/").reduce((value, key) => value[key], facts)));
