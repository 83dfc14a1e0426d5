import sys
import time

import psycopg2
from application import *

try:
    connection = psycopg2.connect(**TARGET)
except psycopg2.Error as error:
    say_error(error.pgcode, error)
    sys.exit(1)
say("host", connection.info.host)
cursor = connection.cursor()
cursor.execute(WHERE_ARE_WE)
server, tls, read_only = cursor.fetchone()
say("server", server)
say("tls", tls)
if VERB == "work":
    if read_only == "off":
        cursor.execute(CREATE)
        cursor.executemany(INSERT, [(n,) for n in range(1, 101)])
        cursor.execute(SUM)
        say("work", cursor.fetchone()[0])
    connection.close()
else:
    say("waiting", "yes")
    try:
        cursor.execute(SLEEP)
    except psycopg2.Error as error:
        say("ended", time.monotonic_ns())
        say_error(error.pgcode, error)
    say("closed", "yes" if connection.closed else "no")
