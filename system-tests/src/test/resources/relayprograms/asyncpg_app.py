import asyncio
import io

import asyncpg

from application import *


async def connect():
    return await asyncpg.connect(database=DATABASE, timeout=5, **TARGET)


async def work(connection):
    say("server", await connection.fetchval(WHERE))
    async with connection.transaction():
        await connection.execute(CREATE)
        adding = await connection.prepare("INSERT INTO numbers VALUES ($1)")
        for n in range(1, 101):
            await adding.fetch(n)
        say("sum", await connection.fetchval(SUM))
    before = await connection.fetchval(COUNT)
    undone = connection.transaction()
    await undone.start()
    await connection.execute(WRITE)
    await undone.rollback()
    say("left", await connection.fetchval(COUNT) - before)
    try:
        await connection.fetchval("SELECT 1/$1::int", 0)
    except asyncpg.PostgresError as error:
        say("error", error.sqlstate)
    # It waits until the server has really given up, then tells of the time limit instead of the server's 57014.
    try:
        await connection.fetchval(SLEEP, timeout=0.5)
    except asyncio.TimeoutError:
        say("cancel", "57014")
    say("after", await connection.fetchval("SELECT $1::int", 1))


async def copy(connection):
    await connection.execute("CREATE TEMPORARY TABLE copied (n int)")
    await connection.copy_records_to_table("copied", records=[(n,) for n in range(ROWS)])
    out = io.BytesIO()
    await connection.copy_from_table("copied", output=out)
    say("copied", len(out.getvalue().splitlines()))


async def listen(connection):
    heard = asyncio.get_running_loop().create_future()
    await connection.add_listener("news", lambda who, pid, channel, payload: heard.set_result(payload))
    other = await connect()
    await other.execute("NOTIFY news, 'hello'")
    await other.close()
    say("notified", await asyncio.wait_for(heard, 10))


async def wait(connection):
    say("waiting", "yes")
    try:
        await connection.fetchval(SLEEP)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        say_lost(getattr(error, "sqlstate", None), error)
    while True:
        try:
            fresh = await connect()
            await fresh.execute(WRITE)
            say("again", await fresh.fetchval(WHERE))
            return
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, asyncio.TimeoutError):
            await asyncio.sleep(0.05)


async def main():
    connection = await connect()
    for verb in VERBS:
        await globals()[verb](connection)


asyncio.run(main())
