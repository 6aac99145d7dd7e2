// One agent on pion/ice that speaks the line protocol of `stackcli ice`: its description as one line on standard output, the other side's
// line on standard input, then events, one object a line. What runs over the connection is in probes.go.
// Usage: ice --controlling|--controlled [--server URI]... [--user U] [--password P] [--relay-only] [--timeout S]
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/ice/v2"
)

type description struct {
	Ufrag      string   `json:"ufrag"`
	Pwd        string   `json:"pwd"`
	Candidates []string `json:"candidates"`
}

type connected struct {
	Event     string    `json:"event"`
	GatherMs  float64   `json:"gatherMs"`
	ConnectMs float64   `json:"connectMs"`
	Local     string    `json:"local"`
	Remote    string    `json:"remote"`
	Pair      [2]string `json:"pair"`
}

type failed struct {
	Event  string `json:"event"`
	Reason string `json:"reason"`
}

type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

var (
	servers     list
	controlling = flag.Bool("controlling", false, "")
	controlled  = flag.Bool("controlled", false, "")
	user        = flag.String("user", "", "")
	password    = flag.String("password", "", "")
	relayOnly   = flag.Bool("relay-only", false, "")
	timeout     = flag.Float64("timeout", 30, "seconds from the other side's description on")
	_           = flag.Bool("json", true, "always so")
)

var output sync.Mutex

func main() {
	flag.Var(&servers, "server", "stun: or turn: URI")
	flag.Parse()
	if *controlling == *controlled {
		fmt.Fprintln(os.Stderr, "one of --controlling and --controlled")
		os.Exit(2)
	}
	if err := run(); err != nil {
		emit(failed{"failed", err.Error()})
		os.Exit(1)
	}
}

func run() error {
	agent, err := newAgent()
	if err != nil {
		return err
	}
	own, gathered, err := gather(agent)
	if err != nil {
		return err
	}
	emit(own)
	other, err := readDescription()
	if err != nil {
		return err
	}

	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(*timeout*float64(time.Second)))
	defer cancel()
	if err = agent.OnConnectionStateChange(func(state ice.ConnectionState) {
		if state == ice.ConnectionStateFailed {
			cancel()
		}
	}); err != nil {
		return err
	}
	for _, line := range other.Candidates {
		add(agent, line)
	}
	var conn *ice.Conn
	if *controlling {
		conn, err = agent.Dial(ctx, other.Ufrag, other.Pwd)
	} else {
		conn, err = agent.Accept(ctx, other.Ufrag, other.Pwd)
	}
	took := time.Since(began)
	if err != nil {
		return fmt.Errorf("no pair: %w", err)
	}

	pair, err := agent.GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return errors.New("connected without a pair")
	}
	emit(connected{
		"connected", ms(gathered), ms(took), pair.Local.Type().String(), pair.Remote.Type().String(),
		[2]string{endPoint(pair.Local), endPoint(pair.Remote)},
	})
	err = probe(ctx, conn)
	_ = agent.Close()
	return err
}

func newAgent() (*ice.Agent, error) {
	urls := make([]*ice.URL, 0, len(servers))
	for _, server := range servers {
		url, err := ice.ParseURL(server)
		if err != nil {
			return nil, err
		}
		url.Username, url.Password = *user, *password
		urls = append(urls, url)
	}
	mostRequests := uint16(200)
	config := &ice.AgentConfig{
		Urls:             urls,
		NetworkTypes:     []ice.NetworkType{ice.NetworkTypeUDP4, ice.NetworkTypeUDP6},
		MulticastDNSMode: ice.MulticastDNSModeDisabled,

		// Seven, the default, are over after 1.6 s, and then a pair is given up for good: a peer that is late by that much is never met.
		MaxBindingRequests: &mostRequests,
	}
	if *relayOnly {
		config.CandidateTypes = []ice.CandidateType{ice.CandidateTypeRelay}
	}
	return ice.NewAgent(config)
}

func gather(agent *ice.Agent) (description, time.Duration, error) {
	began := time.Now()
	done := make(chan struct{})
	own := description{Candidates: []string{}}
	if err := agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			close(done)
			return
		}
		own.Candidates = append(own.Candidates, "candidate:"+candidate.Marshal())
	}); err != nil {
		return own, 0, err
	}
	if err := agent.GatherCandidates(); err != nil {
		return own, 0, err
	}
	<-done
	var err error
	own.Ufrag, own.Pwd, err = agent.GetLocalUserCredentials()
	return own, time.Since(began), err
}

func readDescription() (description, error) {
	var other description
	line, err := bufio.NewReaderSize(os.Stdin, 1<<16).ReadString('\n')
	if err != nil {
		return other, err
	}
	return other, json.Unmarshal([]byte(line), &other)
}

// What pion cannot read, a TCP candidate with extensions for one, is left out.
func add(agent *ice.Agent, line string) {
	candidate, err := ice.UnmarshalCandidate(strings.TrimPrefix(strings.TrimPrefix(line, "a="), "candidate:"))
	if err == nil {
		err = agent.AddRemoteCandidate(candidate)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", line, err)
	}
}

func endPoint(candidate ice.Candidate) string {
	if strings.Contains(candidate.Address(), ":") {
		return fmt.Sprintf("[%s]:%d", candidate.Address(), candidate.Port())
	}
	return fmt.Sprintf("%s:%d", candidate.Address(), candidate.Port())
}

func emit(event interface{}) {
	text, err := json.Marshal(event)
	if err != nil {
		panic(err)
	}
	output.Lock()
	defer output.Unlock()
	fmt.Printf("%s\n", text)
}

func ms(span time.Duration) float64 { return float64(span.Microseconds()) / 1000 }
