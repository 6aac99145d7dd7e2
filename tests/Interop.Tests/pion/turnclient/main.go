// A client on pion/turn: allocates, permits a peer that echoes, sends packets through the relay and counts what comes back.
// Usage: turnclient udp|tcp SERVER REALM USER PASSWORD COUNT
package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pion/turn/v2"
)

func main() {
	network, server, realm, user, password := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	count, err := strconv.Atoi(os.Args[6])
	check(err)

	var conn net.PacketConn
	if network == "tcp" {
		stream, err := net.DialTimeout("tcp", server, 5*time.Second)
		check(err)
		conn = turn.NewSTUNConn(stream)
	} else {
		conn, err = net.ListenPacket("udp4", "127.0.0.1:0")
		check(err)
	}

	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: server,
		TURNServerAddr: server,
		Conn:           conn,
		Username:       user,
		Password:       password,
		Realm:          realm,
	})
	check(err)
	defer client.Close()
	check(client.Listen())
	relay, err := client.Allocate()
	check(err)
	fmt.Printf("relayed %s\n", relay.LocalAddr())

	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	check(err)
	go echo(peer)

	received := 0
	buffer := make([]byte, 1600)
	for i := 0; i < count; i++ {
		// The first packets go by Send indications, until pion has bound its channel.
		payload := []byte(fmt.Sprintf("packet %d of pion", i))
		_, err = relay.WriteTo(payload, peer.LocalAddr())
		check(err)
		check(relay.SetReadDeadline(time.Now().Add(60 * time.Second)))
		n, from, err := relay.ReadFrom(buffer)
		check(err)
		if from.String() != peer.LocalAddr().String() || !bytes.Equal(buffer[:n], payload) {
			check(fmt.Errorf("wrong echo %q from %s", buffer[:n], from))
		}
		received++
	}
	check(relay.Close())
	fmt.Printf("received %d of %d\n", received, count)
}

func echo(conn net.PacketConn) {
	buffer := make([]byte, 1600)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		_, _ = conn.WriteTo(buffer[:n], from)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
