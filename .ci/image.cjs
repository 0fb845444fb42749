// image.cjs TAR FIELD: a field of the image's configuration; `own`: the bytes that a code change ships at the most; or `foreign`:
// the jars in it that are not ours.
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
const own = [...Layers].sort((a, b) => sizes.get(b) - sizes.get(a)).slice(1);
const files = (layer) =>
  execFileSync("tar", ["-tz"], { input: execFileSync("tar", ["-x", "-O", "-f", tar, layer], { maxBuffer: 1 << 26 }), encoding: "utf8" })
    .trim()
    .split("\n");
const facts = {
  Env: [],
  ...config,
  own: own.reduce((sum, layer) => sum + sizes.get(layer), 0),
  foreign: own.flatMap(files).filter((file) => file.endsWith(".jar") && !/(^|\/)(millrace-|flink-job\.jar)/.test(file)).join(" "),
};
// labels have dots in their names: a path is parted by slashes
console.log(String(field.split("/").reduce((value, key) => value[key], facts)));
