package main

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/pion/ice/v2"
)

// The probes of the ICE programs, the same in all of them: docs/nat-lab.md.
const (
	probeCount = 5
	probeSize  = 172
	resendPace = 250 * time.Millisecond
	linger     = 25 * time.Second
)

type received struct {
	Event string `json:"event"`
	Bytes int    `json:"bytes"`
}

type stats struct {
	Event    string `json:"event"`
	Sent     int    `json:"sent"`
	Received int    `json:"received"`
	RttMs    rtt    `json:"rttMs"`
}

type rtt struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
	Max    float64 `json:"max"`
}

func probe(ctx context.Context, conn *ice.Conn) error {
	incoming := make(chan string, 64)
	go func() {
		buffer := make([]byte, 2048)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			incoming <- string(buffer[:n])
		}
	}()

	var sentAt [probeCount]time.Time
	var times []float64
	seen := map[string]bool{}
	sent, peerDone := 0, false
	var doneAt time.Time
	send := func() {
		for i := 0; i < probeCount; i++ {
			if !seen[payload("pong", i)] {
				sentAt[i] = time.Now()
				sent++
				_, _ = conn.Write([]byte(payload("ping", i)))
			}
		}
		if !doneAt.IsZero() {
			_, _ = conn.Write([]byte("bye"))
		}
	}

	send()
	ticker := time.NewTicker(resendPace)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d probes came back", len(times), probeCount)
		case <-ticker.C:
			if !doneAt.IsZero() && time.Since(doneAt) > linger {
				return nil
			}
			send()
		case text := <-incoming:
			switch {
			case text == "bye":
				peerDone = true
			case strings.HasPrefix(text, "ping "):
				if !seen[text] {
					seen[text] = true
					emit(received{"received", len(text)})
				}
				_, _ = conn.Write([]byte("pong " + text[len("ping "):]))
			case strings.HasPrefix(text, "pong "):
				for i := 0; i < probeCount; i++ {
					if text == payload("pong", i) && !seen[text] {
						seen[text] = true
						times = append(times, ms(time.Since(sentAt[i])))
					}
				}
			}
		}
		if len(times) == probeCount && doneAt.IsZero() {
			doneAt = time.Now()
			emit(stats{"stats", sent, len(times), quantiles(times)})
			_, _ = conn.Write([]byte("bye"))
		}
		if !doneAt.IsZero() && peerDone {
			// More than one, for the peer waits for it.
			for i := 0; i < 3; i++ {
				_, _ = conn.Write([]byte("bye"))
			}
			return nil
		}
	}
}

func payload(kind string, number int) string {
	text := fmt.Sprintf("%s %d ", kind, number+1)
	return text + strings.Repeat(".", probeSize-len(text))
}

func quantiles(times []float64) rtt {
	sorted := append([]float64(nil), times...)
	sort.Float64s(sorted)
	at := func(share float64) float64 { return sorted[int(share*float64(len(sorted)-1)+0.5)] }
	return rtt{sorted[0], at(0.5), at(0.95), sorted[len(sorted)-1]}
}
