"""What the Python applications share."""

import sys

HOST, PORT = sys.argv[1], int(sys.argv[2])
VERBS = sys.argv[3:]
TARGET = {"host": HOST, "port": PORT, "user": "app", "password": "secret"}
DATABASE = "app"
WHERE = "SELECT current_setting('cluster_name')"
CREATE = "CREATE TEMPORARY TABLE numbers (n int) ON COMMIT DROP"
SUM = "SELECT sum(n) FROM numbers"
SLEEP = "SELECT pg_sleep(3600)"
WRITE = "INSERT INTO journal VALUES (1)"
COUNT = "SELECT count(*) FROM journal"
ROWS = 1000


def say(key, value):
    print(key + "=" + " ".join(str(value).split()), flush=True)


def say_lost(state, error):
    say("lost", f"{state or 'none'} {type(error).__name__} {error}")
