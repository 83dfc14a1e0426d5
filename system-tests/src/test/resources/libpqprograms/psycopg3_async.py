import asyncio
import sys

import psycopg
from application import *


async def main():
    try:
        connection = await psycopg.AsyncConnection.connect(**TARGET)
    except psycopg.Error as error:
        say_error(error.sqlstate, error)
        sys.exit(1)
    say("host", connection.info.host)
    cursor = await connection.execute(WHERE_ARE_WE)
    server, tls, read_only = await cursor.fetchone()
    say("server", server)
    say("tls", tls)
    if VERB == "work":
        if read_only == "off":
            await cursor.execute(CREATE)
            await cursor.executemany(INSERT, [(n,) for n in range(1, 101)])
            await cursor.execute(SUM)
            say("work", (await cursor.fetchone())[0])
        await connection.close()
    else:
        say("waiting", "yes")
        try:
            await cursor.execute(SLEEP)
        except psycopg.Error as error:
            say_error(error.sqlstate, error)
        say("closed", "yes" if connection.closed else "no")


asyncio.run(main())
