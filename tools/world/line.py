#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The Daypass authors
#
# line.py FROM TO MODE_FILE: a line between port FROM and port TO of this world, as good as the word in MODE_FILE says
# (read anew for each piece that is carried):
#   pass      carries all
#   silent    takes everything and carries nothing, hanging up never
#   drip      a byte a second, each way
#   late      everything thirty seconds late
#   lossy     of the pieces of each connection a half is lost, and with them all behind it
import asyncio
import random
import sys

FROM, TO, MODE = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
LATE = 30


def mode():
    with open(MODE, encoding="ascii") as file:
        return file.read().strip()


async def carry(reader, writer):
    is_broken = False
    while data := await reader.read(16384):
        how = mode()
        is_broken = is_broken or how == "silent" or (how == "lossy" and random.random() < 0.5)
        if is_broken:
            continue
        if how == "late":
            await asyncio.sleep(LATE)
        for piece in ([data[i:i + 1] for i in range(len(data))] if how == "drip" else [data]):
            if how == "drip":
                await asyncio.sleep(1)
            writer.write(piece)
            await writer.drain()
    if not is_broken:
        writer.close()


async def serve(reader, writer):
    try:
        if mode() == "silent":
            await reader.read()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", TO)
        await asyncio.gather(carry(reader, there_writer), carry(there_reader, writer))
    except OSError:
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", FROM)
    async with server:
        await server.serve_forever()


asyncio.run(main())
