import sys

import psycopg
from application import *

try:
    connection = psycopg.connect(**TARGET)
except psycopg.Error as error:
    say_error(error.sqlstate, error)
    sys.exit(1)
say("host", connection.info.host)
say("hostaddr", connection.info.hostaddr)
cursor = connection.execute(WHERE_ARE_WE)
server, tls, read_only = cursor.fetchone()
say("server", server)
say("tls", tls)
if VERB == "work":
    if read_only == "off":
        cursor.execute(CREATE)
        with cursor.copy("COPY numbers FROM STDIN") as copy:
            for n in range(1, 101):
                copy.write_row((n,))
        say("work", cursor.execute(SUM).fetchone()[0])
    connection.close()
else:
    say("waiting", "yes")
    try:
        cursor.execute(SLEEP)
    except psycopg.Error as error:
        say_error(error.sqlstate, error)
    say("closed", "yes" if connection.closed else "no")
