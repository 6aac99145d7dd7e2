// A Binding client on pion/stun: prints the mapped address, exits non-zero on failure.
package main

import (
	"fmt"
	"net"
	"os"
	"time"

	"github.com/pion/stun"
)

func main() {
	network, address := os.Args[1], os.Args[2]
	connection, err := net.DialTimeout(network, address, 60*time.Second)
	check(err)
	client, err := stun.NewClient(connection, stun.WithRTO(2*time.Second))
	check(err)
	defer client.Close()

	request := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.Fingerprint)
	var failure error
	err = client.Do(request, func(event stun.Event) {
		if event.Error != nil {
			failure = event.Error
			return
		}
		if failure = stun.Fingerprint.Check(event.Message); failure != nil {
			return
		}
		var mapped stun.XORMappedAddress
		if failure = mapped.GetFrom(event.Message); failure == nil {
			fmt.Printf("mapped %s local %s\n", mapped, connection.LocalAddr())
		}
	})
	check(err)
	check(failure)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
