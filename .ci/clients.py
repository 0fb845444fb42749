"""clients.py PORT NETRC: clickhouse-connect, with nothing but its defaults, against the embedded ClickHouse."""

import datetime
import sys

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError

port, password = int(sys.argv[1]), open(sys.argv[2]).read().split()[-1]
client = clickhouse_connect.get_client(host="127.0.0.1", port=port, username="default", password=password)

client.command("CREATE TABLE readings (a Int32, t DateTime64(3), f Nullable(Float64)) ENGINE = MergeTree ORDER BY a")
start = datetime.datetime(2026, 1, 1)
client.insert("readings", [[i, start, None] for i in range(20_000)], column_names=["a", "t", "f"])
assert client.query("SELECT count(), sum(a), min(t), any(f) FROM readings").result_rows == [(20_000, 199_990_000, start, None)]

# a session
client.command("CREATE TEMPORARY TABLE mine (a Int32, s String)")
client.insert("mine", [[1, "x"], [2, "y"]], column_names=["a", "s"])
assert client.query("SELECT sum(a), groupArray(s) FROM mine", settings={"max_threads": 1}).result_rows == [(3, ["x", "y"])]
client.command("SET max_block_size = 7")
assert client.command("SELECT getSetting('max_block_size')") == 7

assert client.query("SELECT {v:Int32} + 1", parameters={"v": 5}).result_rows == [(6,)]
with client.query_row_block_stream("SELECT number FROM numbers(100000)") as blocks:
    assert sum(len(block) for block in blocks) == 100_000

try:
    clickhouse_connect.get_client(host="127.0.0.1", port=port)
    sys.exit("A client without the password was answered.")
except DatabaseError as refusal:
    assert "AUTHENTICATION_FAILED" in str(refusal), refusal
