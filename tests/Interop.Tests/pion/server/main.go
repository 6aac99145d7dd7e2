// A Binding server on pion/stun: prints "listening udp ADDRESS" and "listening tcp ADDRESS", serves until its standard input ends.
package main

import (
	"fmt"
	"io"
	"net"
	"os"

	"github.com/pion/stun"
)

func main() {
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	check(err)
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	fmt.Printf("listening udp %s\n", udp.LocalAddr())
	fmt.Printf("listening tcp %s\n", tcp.Addr())
	go serveDatagrams(udp)
	go serveConnections(tcp)
	io.Copy(io.Discard, os.Stdin)
}

func serveDatagrams(socket net.PacketConn) {
	buffer := make([]byte, 1500)
	for {
		n, from, err := socket.ReadFrom(buffer)
		if err != nil {
			return
		}
		udp := from.(*net.UDPAddr)
		if response := answer(buffer[:n], udp.IP, udp.Port); response != nil {
			socket.WriteTo(response.Raw, from)
		}
	}
}

func serveConnections(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer connection.Close()
			tcp := connection.RemoteAddr().(*net.TCPAddr)
			request := new(stun.Message)
			for {
				request.Raw = make([]byte, 0, 1024)
				if _, err := request.ReadFrom(connection); err != nil {
					return
				}
				if response := answer(request.Raw, tcp.IP, tcp.Port); response != nil {
					connection.Write(response.Raw)
				}
			}
		}()
	}
}

func answer(raw []byte, ip net.IP, port int) *stun.Message {
	request := &stun.Message{Raw: append([]byte{}, raw...)}
	if request.Decode() != nil || request.Type != stun.BindingRequest {
		return nil
	}
	response, err := stun.Build(request, stun.BindingSuccess,
		&stun.XORMappedAddress{IP: ip, Port: port}, stun.NewSoftware("pion/stun"), stun.Fingerprint)
	if err != nil {
		return nil
	}
	return response
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
