"""One agent on aioice that speaks the line protocol of `stackcli ice`: its description as one line on standard output, the other side's line on
standard input, then events, one object a line. The probes are those of docs/nat-lab.md.

aioice knows one STUN and one TURN server: the first of each kind is taken. It never pairs 127.0.0.1 and fails without a remote candidate.
"""
import argparse
import asyncio
import json
import sys
import time

from aioice import Candidate, Connection, TransportPolicy

PROBES, SIZE, PACE, LINGER = 5, 172, 0.25, 25.0


def emit(**event):
    print(json.dumps(event, separators=(",", ":")), flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser()
    role = parser.add_mutually_exclusive_group(required=True)
    role.add_argument("--controlling", action="store_true")
    role.add_argument("--controlled", action="store_true")
    parser.add_argument("--server", action="append", default=[])
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--relay-only", action="store_true")
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--json", action="store_true", help="always so")
    return parser.parse_args()


def parse_uri(uri):
    scheme, _, rest = uri.partition(":")
    address, _, query = rest.partition("?")
    host, _, port = address.rpartition(":")
    return scheme, (host.strip("[]"), int(port)), "tcp" if query == "transport=tcp" else "udp"


def make_connection(arguments):
    options = {}
    for uri in arguments.server:
        scheme, address, transport = parse_uri(uri)
        if scheme == "stun":
            options.setdefault("stun_server", address)
        elif scheme in ("turn", "turns") and "turn_server" not in options:
            options.update(
                turn_server=address,
                turn_username=arguments.user,
                turn_password=arguments.password,
                turn_ssl=scheme == "turns",
                turn_transport="tcp" if scheme == "turns" else transport,
            )
    policy = TransportPolicy.RELAY if arguments.relay_only else TransportPolicy.ALL
    if arguments.relay_only:
        # aioice's RELAY keeps server-reflexive candidates.
        options.pop("stun_server", None)
    return Connection(ice_controlling=arguments.controlling, transport_policy=policy, **options)


def payload(kind, number):
    return (b"%s %d " % (kind, number + 1)).ljust(SIZE, b".")


def quantiles(times):
    times = sorted(times)
    at = lambda share: times[int(share * (len(times) - 1) + 0.5)]
    return {"min": times[0], "median": at(0.5), "p95": at(0.95), "max": times[-1]}


async def probe(connection):
    loop = asyncio.get_running_loop()
    incoming = asyncio.Queue()

    async def pump():
        while True:
            incoming.put_nowait(await connection.recv())

    pumping = asyncio.ensure_future(pump())
    sent_at, echoed, seen, sent = {}, {}, set(), 0
    done_at, peer_done = None, False
    next_send = loop.time()
    try:
        while True:
            if loop.time() >= next_send:
                next_send = loop.time() + PACE
                if done_at is not None and loop.time() - done_at > LINGER:
                    return
                for number in range(PROBES):
                    if number not in echoed:
                        sent_at[number] = time.perf_counter()
                        sent += 1
                        await connection.send(payload(b"ping", number))
                if done_at is not None:
                    await connection.send(b"bye")
            try:
                data = await asyncio.wait_for(incoming.get(), max(0, next_send - loop.time()))
            except asyncio.TimeoutError:
                continue
            if data == b"bye":
                peer_done = True
            elif data.startswith(b"ping "):
                if data not in seen:
                    seen.add(data)
                    emit(event="received", bytes=len(data))
                await connection.send(b"pong " + data[5:])
            else:
                for number in range(PROBES):
                    if data == payload(b"pong", number) and number not in echoed:
                        echoed[number] = round((time.perf_counter() - sent_at[number]) * 1000, 3)
            if len(echoed) == PROBES and done_at is None:
                done_at = loop.time()
                emit(event="stats", sent=sent, received=len(echoed), rttMs=quantiles(echoed.values()))
                await connection.send(b"bye")
            if done_at is not None and peer_done:
                # More than one, for the peer waits for it.
                for _ in range(3):
                    await connection.send(b"bye")
                await asyncio.sleep(0.02)
                return
    finally:
        pumping.cancel()


def end_point(address):
    host, port = address
    return "[%s]:%d" % (host, port) if ":" in host else "%s:%d" % (host, port)


async def run(arguments):
    connection = make_connection(arguments)
    began = time.perf_counter()
    await connection.gather_candidates()
    gathered = time.perf_counter() - began
    emit(
        ufrag=connection.local_username,
        pwd=connection.local_password,
        candidates=["candidate:" + candidate.to_sdp() for candidate in connection.local_candidates],
    )
    line = await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    other = json.loads(line)

    began = time.perf_counter()
    connection.remote_username, connection.remote_password = other["ufrag"], other["pwd"]
    for text in other["candidates"]:
        if text.startswith("a="):
            text = text[2:]
        if text.startswith("candidate:"):
            text = text[10:]
        try:
            candidate = Candidate.from_sdp(text)
        except ValueError as error:
            print("%s: %s" % (text, error), file=sys.stderr)
            continue
        await connection.add_remote_candidate(candidate)
    await connection.add_remote_candidate(None)
    await asyncio.wait_for(connection.connect(), arguments.timeout)
    took = time.perf_counter() - began

    pair = connection._nominated[1]
    emit(
        event="connected",
        gatherMs=round(gathered * 1000, 3),
        connectMs=round(took * 1000, 3),
        local=pair.local_candidate.type,
        remote=pair.remote_candidate.type,
        pair=[end_point(pair.local_addr), end_point(pair.remote_addr)],
    )
    await asyncio.wait_for(probe(connection), arguments.timeout)
    try:
        await asyncio.wait_for(connection.close(), 5)
    except asyncio.TimeoutError:
        # The TURN server has not confirmed the end of the allocation, for it or the request was lost: no matter of the connection.
        pass


def main():
    arguments = parse_arguments()
    try:
        asyncio.run(run(arguments))
    except Exception as error:  # whatever it is, it is the answer
        emit(event="failed", reason="%s: %s" % (type(error).__name__, error))
        sys.exit(1)


main()
