// fake-cluster.cjs ARGUMENT...: a kubectl whose cluster has at once what the repository ORIGIN says, unless it has
// fewer ZooKeepers: that it refuses, as the guard does. Of a StatefulSet, one pod is ready at the most when it is STUCK; with
// NO_STORAGE it has no StorageClass. Keeps what
// it has in FOLDER, and notes there what else it is asked to do. Rendering is the real KUBECTL's.
const { execFileSync, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { parseAllDocuments } = require(`${process.env.CI_MODULES}/yaml`);

const { FOLDER, KUBECTL, NO_STORAGE, ORIGIN, STUCK } = process.env;
const args = process.argv.slice(2);
const state = `${FOLDER}/state.json`;
const git = (...rest) => execFileSync("git", ["--git-dir", ORIGIN, ...rest], { maxBuffer: 1 << 28 });

/** What the cluster has, after it has looked at the repository. */
function reconcile() {
  const has = fs.existsSync(state) ? JSON.parse(fs.readFileSync(state)) : { objects: [], refused: 0 };
  const revision = git("rev-parse", "main").toString().trim();
  if (revision === has.revision || revision === has.tried) return has;
  const tree = fs.mkdtempSync(`${FOLDER}/tree-`);
  execFileSync("tar", ["-x", "-C", tree], { input: git("archive", "main") });
  const rendered = execFileSync(KUBECTL, ["kustomize", `${tree}/clusters/bench-low-infra`], { maxBuffer: 1 << 28 });
  const objects = parseAllDocuments(rendered.toString()).map((document) => document.toJS());
  const zookeepers = (all) => Number(all.find((o) => o.kind === "ConfigMap" && o.metadata.name === "guard")?.data.zookeeper ?? 0);
  const refused = zookeepers(objects) < zookeepers(has.objects);
  const now = refused ? { ...has, tried: revision, refused: 1 } : { objects, revision, refused: 0 };
  fs.writeFileSync(state, JSON.stringify(now));
  return now;
}

function get(name) {
  const { objects, revision, refused } = reconcile();
  if (name === "application") {
    const done = { phase: "Succeeded", syncResult: { revision } };
    return { status: { sync: { status: "Synced", revision }, health: { status: "Healthy" }, operationState: done } };
  }
  const [kind, of] = name.split("/");
  const object = objects.find((o) => o.kind.toLowerCase() === kind && o.metadata.name === of);
  object.metadata.uid = of;
  const job = of === "guard" ? { failed: refused } : { succeeded: 1 };
  object.status = { job, statefulset: { readyReplicas: STUCK ? 1 : object.spec.replicas }, flinkdeployment: { jobStatus: { state: "RUNNING" } } }[kind];
  return object;
}

if (args[0] === "kustomize") {
  process.exit(spawnSync(KUBECTL, args, { stdio: "inherit" }).status);
} else if (args.includes("storageclass")) {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  const classes = [{ metadata: { annotations }, provisioner: "local.test" }];
  console.log(JSON.stringify({ items: NO_STORAGE ? [] : classes }));
} else if (args.includes("port-forward")) {
  console.log("Forwarding from 127.0.0.1");
} else if (args.includes("get")) {
  console.log(JSON.stringify(get(args[args.indexOf("get") + 1])));
} else {
  fs.appendFileSync(`${FOLDER}/calls`, `${args.join(" ")}\n`);
}
