// pod.cjs MANIFESTS FOLDER KIND/NAME[/ROLE] [ARGUMENT...]: prepares to run the pod of a rendered workload as a kubelet would.
// Makes its volumes in FOLDER, and there for each container NAME.container, the arguments of `podman run`, each ended by a
// NUL, and its probes as NAME.probes. ARGUMENTs replace those of the container. A part of a pod that is not understood is an error.
// TOKEN_KEY is the file of the key that tokens are signed with, SECRETS a JSON file of secrets.
const { createHmac } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { parseAllDocuments, stringify } = require(`${process.env.CI_MODULES}/yaml`);

const [manifests, folder, target, ...replaced] = process.argv.slice(2);
const objects = parseAllDocuments(fs.readFileSync(manifests, "utf8")).map((document) => document.toJS());

function fail(message) {
  console.error(`${target}: ${message}`);
  process.exit(1);
}

/** The members of an object; one that is none of those named is an error, since it would have no effect here. */
function only(object, known, ignored = []) {
  for (const key of Object.keys(object ?? {})) {
    if (!known.includes(key) && !ignored.includes(key)) fail(`'${key}' is not understood by ${path.basename(__filename)}.`);
  }
  return object ?? {};
}

function find(kind, name, namespace) {
  return (
    objects.find((o) => o.kind === kind && o.metadata.name === name && (!namespace || o.metadata.namespace === namespace)) ??
    fail(`there is no ${kind} ${name}.`)
  );
}

/** Bytes of a Kubernetes quantity. */
function bytes(quantity) {
  const [, number, unit] = /^(\d+)(Ki|Mi|Gi)$/.exec(quantity) ?? fail(`'${quantity}' is no quantity of memory.`);
  return Number(number) * 1024 ** (["Ki", "Mi", "Gi"].indexOf(unit) + 1);
}

/** What the Flink operator makes of a deployment. */
function flink({ metadata, spec }, role) {
  const pod = structuredClone(spec.podTemplate);
  const main = pod.spec.containers.find(({ name }) => name === "flink-main-container");
  main.image = spec.image;
  main.args = [role.toLowerCase()];
  main.resources = { limits: { memory: spec[role].resource.memory } };
  main.volumeMounts.push({ name: "flink-conf", mountPath: "/opt/flink/conf", readOnly: true });
  pod.spec.serviceAccountName = spec.serviceAccount;
  pod.spec.volumes.push({ name: "flink-conf", configMap: { name: "flink-conf" } });
  const settings = {
    ...spec.flinkConfiguration,
    "jobmanager.memory.process.size": `${bytes(spec.jobManager.resource.memory)}b`,
    "taskmanager.memory.process.size": `${bytes(spec.taskManager.resource.memory)}b`,
    "taskmanager.cpu.cores": `${spec.taskManager.resource.cpu}`,
    "parallelism.default": `${spec.job.parallelism}`,
    "pipeline.jars": spec.job.jarURI,
    "$internal.application.main": spec.job.entryClass,
    "jobmanager.rpc.address": `${metadata.name}-jobmanager`,
    "rest.bind-address": "0.0.0.0",
    "taskmanager.host": `${metadata.name}-taskmanager`,
  };
  objects.push({
    kind: "ConfigMap",
    metadata: { name: "flink-conf", namespace: metadata.namespace },
    data: { "config.yaml": stringify(settings) },
  });
  return pod;
}

const [kind, name, role] = target.split("/");
const object = find(kind, name);
const { namespace } = object.metadata;
const { spec } = kind === "FlinkDeployment" ? flink(object, role) : object.spec.template;
only(spec, ["containers", "initContainers", "securityContext", "serviceAccountName", "volumes"], [
  // the kubelet's and the scheduler's affair
  ...["automountServiceAccountToken", "enableServiceLinks", "nodeSelector", "restartPolicy"],
  ...["terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints"],
]);
const podSecurity = only(spec.securityContext, ["runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "seccompProfile"]);

/** A file of a volume, for the pod's group, as the kubelet makes it. */
function write(file, content) {
  fs.writeFileSync(file, content, { mode: 0o640 });
  fs.chownSync(file, podSecurity.runAsUser, podSecurity.fsGroup ?? podSecurity.runAsGroup);
}

function token({ audience, expirationSeconds }) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    aud: [audience],
    exp: now + expirationSeconds,
    iat: now,
    sub: `system:serviceaccount:${namespace}:${spec.serviceAccountName}`,
  };
  const text = [{ alg: "HS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const key = Buffer.from(fs.readFileSync(process.env.TOKEN_KEY, "utf8"), "base64");
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

const volumes = new Map();
for (const volume of spec.volumes ?? []) {
  only(volume, ["name", "configMap", "emptyDir", "projected"]);
  const place = path.join(folder, "volumes", volume.name);
  fs.mkdirSync(place, { recursive: true });
  if (podSecurity.fsGroup) fs.chownSync(place, 0, podSecurity.fsGroup);
  fs.chmodSync(place, volume.emptyDir ? 0o2777 : 0o2755);
  for (const source of volume.projected?.sources ?? []) {
    const { serviceAccountToken } = only(source, ["serviceAccountToken"]);
    write(path.join(place, serviceAccountToken.path), token(serviceAccountToken));
  }
  if (volume.configMap) {
    const { data } = find("ConfigMap", volume.configMap.name, namespace);
    for (const [file, content] of Object.entries(data)) write(path.join(place, file), content);
  }
  volumes.set(volume.name, place);
}

function value({ name: variable, value: literal, valueFrom }) {
  if (literal !== undefined) return literal;
  const { fieldRef, secretKeyRef } = only(valueFrom, ["fieldRef", "secretKeyRef"]);
  if (secretKeyRef) {
    const secrets = JSON.parse(fs.readFileSync(process.env.SECRETS, "utf8"));
    const secret = find("ExternalSecret", secretKeyRef.name, namespace);
    const entry =
      secret.spec.data.find(({ secretKey }) => secretKey === secretKeyRef.key) ??
      fail(`secret ${secretKeyRef.name} has no ${secretKeyRef.key}.`);
    const { key, property } = entry.remoteRef;
    return secrets[key]?.[property] ?? fail(`the secrets have no ${key}/${property}.`);
  }
  if (fieldRef.fieldPath === "metadata.labels['apps.kubernetes.io/pod-index']") return "0";
  return fail(`${variable} comes from ${fieldRef.fieldPath}, which is not understood.`);
}

function prepare(container) {
  only(container, [
    ...["name", "image", "command", "args", "env", "envFrom", "ports", "resources", "securityContext", "volumeMounts"],
    ...["workingDir", "startupProbe", "livenessProbe", "readinessProbe"],
  ]);
  const security = only(container.securityContext, ["allowPrivilegeEscalation", "capabilities", "readOnlyRootFilesystem"]);
  const { runAsUser: user, runAsGroup: group } = podSecurity;
  if (podSecurity.runAsNonRoot && !user) fail(`${container.name} must not run as root, and no user is given.`);
  const options = [`--user=${user}:${group}`];
  if (podSecurity.fsGroup) options.push(`--group-add=${podSecurity.fsGroup}`);
  if (security.readOnlyRootFilesystem) options.push("--read-only", "--read-only-tmpfs=false");
  if (security.allowPrivilegeEscalation === false) options.push("--security-opt=no-new-privileges");
  for (const capability of security.capabilities?.drop ?? []) options.push(`--cap-drop=${capability}`);
  if (container.workingDir) options.push(`--workdir=${container.workingDir}`);
  options.push(`--memory=${bytes(container.resources.limits.memory)}`);

  const environment = new Map();
  for (const { configMapRef } of container.envFrom ?? []) {
    const { data } = find("ConfigMap", configMapRef.name, namespace);
    for (const [key, text] of Object.entries(data)) environment.set(key, text);
  }
  const expand = (text) => text.replace(/\$\(([A-Z_]+)\)/g, (whole, key) => environment.get(key) ?? whole);
  for (const variable of container.env ?? []) environment.set(variable.name, expand(value(variable)));
  for (const [key, text] of environment) options.push(`--env=${key}=${text}`);
  for (const { name: volume, mountPath, readOnly } of container.volumeMounts ?? []) {
    const source = volumes.get(volume) ?? fail(`${container.name} mounts ${volume}, which the pod has not.`);
    options.push(`--volume=${source}:${mountPath}:${readOnly ? "ro" : "rw"}`);
  }
  if (container.command) options.push(`--entrypoint=${JSON.stringify(container.command.map(expand))}`);
  const args = spec.containers.includes(container) && replaced.length > 0 ? replaced : (container.args ?? []);
  // podman takes an image by name or by digest
  const image = container.image.replace(/:[^/@]+@/, "@");
  fs.writeFileSync(
    path.join(folder, `${container.name}.container`),
    [...options, image, ...args.map(expand)].map((argument) => `${argument}\0`).join(""),
  );

  const probes = ["startup", "liveness", "readiness"].flatMap((probe) => {
    const { httpGet, periodSeconds = 10, failureThreshold = 3 } = container[`${probe}Probe`] ?? {};
    if (!httpGet) return [];
    const port = container.ports.find((p) => p.name === httpGet.port)?.containerPort ?? fail(`no port ${httpGet.port}.`);
    return [`${probe} ${port} ${httpGet.path} ${periodSeconds} ${failureThreshold}\n`];
  });
  fs.writeFileSync(path.join(folder, `${container.name}.probes`), probes.join(""));
}

fs.writeFileSync(path.join(folder, "namespace"), namespace);
[...(spec.initContainers ?? []), ...spec.containers].forEach(prepare);
