import select
import sys

import psycopg2
from application import *
from psycopg2 import extensions


def wait(connection):
    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        socket = [connection.fileno()]
        if state == extensions.POLL_READ:
            select.select(socket, [], [])
        else:
            select.select([], socket, [])


try:
    connection = psycopg2.connect(**TARGET, async_=1)
    wait(connection)
except psycopg2.Error as error:
    say_error(error.pgcode, error)
    sys.exit(1)
say("host", connection.info.host)
cursor = connection.cursor()
cursor.execute(WHERE_ARE_WE)
wait(connection)
server, tls, _ = cursor.fetchone()
say("server", server)
say("tls", tls)
if VERB == "work":
    cursor.execute("SELECT sum(n) FROM generate_series(1, 100) n")
    wait(connection)
    say("work", cursor.fetchone()[0])
    connection.close()
else:
    say("waiting", "yes")
    try:
        cursor.execute(SLEEP)
        wait(connection)
    except psycopg2.Error as error:
        say_error(error.pgcode, error)
    say("closed", "yes" if connection.closed else "no")
