"""What the Python applications share."""

import sys

VERB, HOST, PORT, ATTRS, SSLMODE = sys.argv[1:6]
TARGET = {
    "host": HOST,
    "port": PORT,
    "target_session_attrs": ATTRS,
    "sslmode": SSLMODE,
    "user": "postgres",
    "dbname": "postgres",
}
SLEEP = "SELECT pg_sleep(3600)"
WHERE_ARE_WE = (
    "SELECT current_setting('cluster_name'), CASE WHEN ssl THEN 'on' ELSE 'off' END,"
    " current_setting('transaction_read_only') FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
)
CREATE = "CREATE TEMPORARY TABLE numbers (n int)"
INSERT = "INSERT INTO numbers VALUES (%s)"
SUM = "SELECT sum(n) FROM numbers"


def say(key, value):
    print(key + "=" + " ".join(str(value).split()), flush=True)


def say_error(state, error):
    say("error", f"{state or 'none'} {type(error).__name__} {error}")
