"""A client on aioice: allocates, binds a channel to a peer that echoes, sends packets through the relay and counts what comes back.

Usage: turn_client.py udp|tcp HOST PORT USER PASSWORD COUNT
"""
import asyncio
import sys

from aioice.turn import create_turn_endpoint


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        self.transport.sendto(data, addr)


class Collect(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = asyncio.Queue()

    def datagram_received(self, data, addr):
        self.received.put_nowait((data, addr))


async def main():
    transport, host, port, user, password, count = sys.argv[1:]
    loop = asyncio.get_running_loop()
    echo, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
    peer = echo.get_extra_info("sockname")
    relay, protocol = await create_turn_endpoint(
        Collect, server_addr=(host, int(port)), username=user, password=password, transport=transport
    )
    print("relayed %s:%d" % relay.get_extra_info("sockname"))
    for i in range(int(count)):
        payload = b"packet %d of aioice" % i
        relay.sendto(payload, peer)
        data, source = await asyncio.wait_for(protocol.received.get(), 60)
        assert data == payload and source == peer, (data, source)
    print("received %s of %s" % (count, count))
    relay.close()
    await asyncio.sleep(0.2)
    echo.close()


asyncio.run(main())
