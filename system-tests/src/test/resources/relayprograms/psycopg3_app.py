import threading
import time

import psycopg

from application import *


def connect():
    return psycopg.connect(dbname=DATABASE, autocommit=True, connect_timeout=5, **TARGET)


def one(connection, sql, *parameters):
    return connection.execute(sql, parameters or None, prepare=True).fetchone()[0]


def work(connection):
    say("server", one(connection, WHERE))
    with connection.transaction():
        connection.execute(CREATE)
        for n in range(1, 101):
            connection.execute("INSERT INTO numbers VALUES (%s)", (n,), prepare=True)
        say("sum", one(connection, SUM))
    before = one(connection, COUNT)
    with connection.transaction(force_rollback=True):
        connection.execute(WRITE)
    say("left", one(connection, COUNT) - before)
    try:
        one(connection, "SELECT 1/%s::int", 0)
    except psycopg.Error as error:
        say("error", error.sqlstate)
    threading.Timer(0.5, connection.cancel).start()
    try:
        connection.execute(SLEEP)
    except psycopg.Error as error:
        say("cancel", error.sqlstate)
    say("after", one(connection, "SELECT %s::int", 1))


def copy(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE copied (n int)")
    with cursor.copy("COPY copied FROM STDIN") as into:
        for n in range(ROWS):
            into.write_row((n,))
    with cursor.copy("COPY copied TO STDOUT") as out:
        say("copied", len(list(out.rows())))


def listen(connection):
    connection.execute("LISTEN news")
    with connect() as other:
        other.execute("NOTIFY news, 'hello'")
    for notice in connection.notifies():
        say("notified", notice.payload)
        return


def wait(connection):
    say("waiting", "yes")
    try:
        connection.execute(SLEEP)
    except psycopg.Error as error:
        say_lost(error.sqlstate, error)
    while True:
        try:
            fresh = connect()
            fresh.execute(WRITE)
            say("again", one(fresh, WHERE))
            return
        except psycopg.Error:
            time.sleep(0.05)


session = connect()
for verb in VERBS:
    globals()[verb](session)
