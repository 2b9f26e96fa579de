"""A mail server that keeps nothing, in a process of its own.

`python -m benches.support.sink` with `PORT` set answers SMTP there and prints a line
for each mail that it accepted: the moment (monotonic seconds) and the Message-ID. It
waits `DELAY_SECONDS` before it says so, as a server does that writes it to a disk.
"""

import asyncio
import os
import re
import sys
import time

import uvloop

GREETING = b"220 sink.example.ru ESMTP\r\n"
FEATURES = b"250-sink.example.ru\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
OK = b"250 2.0.0 Ok\r\n"
GO_ON = b"354 End data with <CR><LF>.<CR><LF>\r\n"
GOODBYE = b"221 2.0.0 Bye\r\n"
END = b"\r\n.\r\n"

MESSAGE_ID = re.compile(rb"^message-id: *(\S+)", re.IGNORECASE | re.MULTILINE)


async def talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float
) -> None:
    """Carry on one dialogue until the client leaves."""
    writer.write(GREETING)
    try:
        while line := await reader.readline():
            match line[:4].upper():
                case b"EHLO":
                    writer.write(FEATURES)
                case b"DATA":
                    writer.write(GO_ON)
                    accept(await reader.readuntil(END))
                    await asyncio.sleep(delay)
                    writer.write(OK)
                case b"QUIT":
                    writer.write(GOODBYE)
                    break
                case _:
                    writer.write(OK)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


def accept(mail: bytes) -> None:
    """Print when a mail came, and its Message-ID."""
    found = MESSAGE_ID.search(mail)
    name = found.group(1).decode() if found else "-"
    sys.stdout.write(f"{time.monotonic()} {name}\n")
    sys.stdout.flush()


async def main(port: int, delay: float) -> None:
    """Answer until killed."""
    server = await asyncio.start_server(
        lambda reader, writer: talk(reader, writer, delay), "127.0.0.1", port
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(os.environ["PORT"]), float(os.environ["DELAY_SECONDS"])))
