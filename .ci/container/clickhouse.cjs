// clickhouse.cjs ADDRESS PORT USERS: lets pods reach the embedded ClickHouse, which answers only its own machine and knows
// one user, whose password is CLICKHOUSE_PASSWORD, at ADDRESS:8123; USERS is a JSON file of user and password, and others are refused.
const http = require("node:http");
const { readFileSync } = require("node:fs");

const [address, port, file] = process.argv.slice(2);
const users = new Map(Object.entries(JSON.parse(readFileSync(file, "utf8"))));

function credentials({ headers }) {
  if (headers.authorization?.startsWith("Basic ")) {
    const [user, ...password] = Buffer.from(headers.authorization.slice(6), "base64").toString().split(":");
    return [user, password.join(":")];
  }
  return [headers["x-clickhouse-user"], headers["x-clickhouse-key"]];
}

http
  .createServer((request, response) => {
    const [user, password] = credentials(request);
    if (!users.has(user) || users.get(user) !== password) {
      console.error(`refused ${user}`);
      response.writeHead(403, { "X-ClickHouse-Exception-Code": "516" });
      response.end(`Code: 516. DB::Exception: ${user}: Authentication failed. (AUTHENTICATION_FAILED)\n`);
      return;
    }
    const { method, url, headers } = request;
    const own = { host: `127.0.0.1:${port}`, "x-clickhouse-user": "default", "x-clickhouse-key": process.env.CLICKHOUSE_PASSWORD };
    const { authorization, ...others } = headers;
    const onwards = http.request(
      { host: "127.0.0.1", port, method, path: url, headers: { ...others, ...own } },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on("error", () => response.destroy());
    request.pipe(onwards);
  })
  .listen(8123, address);
