// A server on pion/turn: UDP, TCP and, with a certificate, TLS on free ports of 127.0.0.1; user u, password p, realm pion.
// Usage: turnserver [CERT KEY]
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"

	"github.com/pion/turn/v2"
)

func main() {
	relays := &turn.RelayAddressGeneratorStatic{RelayAddress: net.ParseIP("127.0.0.1"), Address: "127.0.0.1"}
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	check(err)
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	listeners := []turn.ListenerConfig{{Listener: tcp, RelayAddressGenerator: relays}}
	lines := fmt.Sprintf("listening udp %s\nlistening tcp %s\n", udp.LocalAddr(), tcp.Addr())
	if len(os.Args) > 2 {
		certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
		check(err)
		secure, err := tls.Listen("tcp4", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
		check(err)
		listeners = append(listeners, turn.ListenerConfig{Listener: secure, RelayAddressGenerator: relays})
		lines += fmt.Sprintf("listening tls %s\n", secure.Addr())
	}

	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "pion",
		AuthHandler: func(user, realm string, _ net.Addr) ([]byte, bool) {
			return turn.GenerateAuthKey("u", realm, "p"), user == "u"
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: udp, RelayAddressGenerator: relays}},
		ListenerConfigs:   listeners,
	})
	check(err)
	defer server.Close()
	fmt.Print(lines + "ready\n")
	select {}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
