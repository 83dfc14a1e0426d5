import io
import select
import threading
import time

import psycopg2

from application import *


def connect():
    connection = psycopg2.connect(dbname=DATABASE, connect_timeout=5, **TARGET)
    connection.autocommit = True
    return connection


def one(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchone()[0]


def work(connection):
    cursor = connection.cursor()
    say("server", one(cursor, WHERE))
    connection.autocommit = False
    cursor.execute(CREATE)
    cursor.execute("PREPARE adding (int) AS INSERT INTO numbers VALUES ($1)")
    for n in range(1, 101):
        cursor.execute("EXECUTE adding (%s)", (n,))
    say("sum", one(cursor, SUM))
    cursor.execute("DEALLOCATE adding")
    connection.commit()
    before = one(cursor, COUNT)
    cursor.execute(WRITE)
    connection.rollback()
    say("left", one(cursor, COUNT) - before)
    connection.rollback()
    connection.autocommit = True
    try:
        cursor.execute("SELECT 1/0")
    except psycopg2.Error as error:
        say("error", error.pgcode)
    threading.Timer(0.5, connection.cancel).start()
    try:
        cursor.execute(SLEEP)
    except psycopg2.Error as error:
        say("cancel", error.pgcode)
    say("after", one(cursor, "SELECT 1"))


def copy(connection):
    cursor = connection.cursor()
    cursor.execute("CREATE TEMPORARY TABLE copied (n int)")
    cursor.copy_expert("COPY copied FROM STDIN", io.StringIO("".join(f"{n}\n" for n in range(ROWS))))
    out = io.StringIO()
    cursor.copy_expert("COPY copied TO STDOUT", out)
    say("copied", len(out.getvalue().splitlines()))


def listen(connection):
    connection.cursor().execute("LISTEN news")
    with connect() as other:
        other.cursor().execute("NOTIFY news, 'hello'")
    while not connection.notifies:
        select.select([connection], [], [], 10)
        connection.poll()
    say("notified", connection.notifies.pop().payload)


def wait(connection):
    say("waiting", "yes")
    try:
        connection.cursor().execute(SLEEP)
    except psycopg2.Error as error:
        say_lost(error.pgcode, error)
    while True:
        try:
            cursor = connect().cursor()
            cursor.execute(WRITE)
            say("again", one(cursor, WHERE))
            return
        except psycopg2.Error:
            time.sleep(0.05)


session = connect()
for verb in VERBS:
    globals()[verb](session)
