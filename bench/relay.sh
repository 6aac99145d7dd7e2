#!/usr/bin/env bash
# Loads our server, coturn and pion/turn in turn, one at a time, on loopback, and writes bench/results/relay.md.
#   bench/relay.sh [--rounds N] [--only LINE[,LINE...]] [--seconds S] [--io linux|portable] [--servers LIST] [--output FILE]
# LINE: bulk-out, bulk-in, bulk-1200, fan, binding, allocate, ten-thousand, managed, garbage, flood-binding, flood-allocate, flood-forged,
# and without a bound no-flood: the relay of the floods by itself, which is as good as this machine gets, and plain-out, plain-in, plain-1200, plain-binding: the same as the bulk lines and Binding, with every packet sent by itself.
# The runs of the bulk lines and of garbage are sent as UDP_SEGMENT messages, to all servers alike: otherwise the generator, not the server, is the bottleneck.
# Exits 0 if every line is met, 1 if one is not, 2 where something is missing. With --only nothing is written unless --output says where.
set -euo pipefail

rounds=3
seconds=3
only=
io=linux
servers='ours coturn pion'
output=
all_lines='bulk-out bulk-in bulk-1200 plain-out plain-in plain-1200 fan binding plain-binding allocate ten-thousand managed no-flood garbage flood-binding flood-allocate flood-forged'
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() { echo "relay.sh: $1; see the head of the script" >&2; exit 2; }
while (($# > 0)); do
  case $1 in
    --rounds | --only | --seconds | --io | --servers | --output) [[ $# -ge 2 ]] || usage "$1 needs a value" ;;
    *) usage "unknown option $1" ;;
  esac
  case $1 in
    --rounds) [[ $2 =~ ^[1-9][0-9]?$ ]] || usage "--rounds is a number from 1 to 99"; rounds=$2 ;;
    --seconds) [[ $2 =~ ^[1-9][0-9]?$ ]] || usage "--seconds is a number from 1 to 99"; seconds=$2 ;;
    --only) only=${2//,/ } ;;
    --io) [[ $2 == linux || $2 == portable ]] || usage "--io is linux or portable"; io=$2 ;;
    --servers) servers=${2//,/ } ;;
    --output) output=$2 ;;
  esac
  shift 2
done
for line in $only; do [[ " $all_lines " == *" $line "* ]] || usage "no line $line"; done
for server in $servers; do [[ $server == ours || $server == coturn || $server == pion ]] || usage "no server $server"; done
lines=${only:-$all_lines}
[[ -n $output || -n $only ]] || output=$root/bench/results/relay.md

for tool in dotnet turnserver go ss lscpu awk; do
  command -v "$tool" >/dev/null || usage "$tool is missing (Debian: dotnet-sdk-10.0 coturn golang-go iproute2 util-linux)"
done
[[ -d /usr/share/gocode/src/github.com/pion/turn ]] || usage "pion/turn is missing (Debian: golang-github-pion-turn.v2-dev)"

work=$(mktemp -d)
server_pid=
others=()
awake=()
stop_server() {
  if [[ -n $server_pid ]]; then
    kill -9 "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=
  fi
}
finish() {
  stop_server
  for pid in "${others[@]}" "${awake[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

echo 'Building' >&2
runtime_id=linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')
dotnet publish "$root/src/Cli" -c Release -r "$runtime_id" --self-contained false -p:PublishReadyToRun=true -o "$work/cli" \
  -nodeReuse:false -v q --nologo >"$work/build.log" 2>&1 \
  || dotnet publish "$root/src/Cli" -c Release -o "$work/cli" -nodeReuse:false -v q --nologo >&2
cli=$work/cli/stackcli
mkdir "$work/gopath"
(cd "$root/tests/Interop.Tests/pion/turnserver" && GO111MODULE=off GOFLAGS='' GOPATH=$work/gopath:/usr/share/gocode GOCACHE=$work/cache \
  go build -o "$work/pion" .)
printf 'u:p\n' >"$work/users"
chmod 600 "$work/users"
export STACK_PASSWORD=p
ulimit -n "$(ulimit -Hn)"

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 10000))
    ss -Huln "sport = :$port" | grep -q . || { echo "$port"; return; }
  done
}

# The limits of ours are those of a server for many clients; here all of them come from one address and one user. Replies to strangers stay at their
# defaults but for Binding and for allocations in a row from one address, where that limit would be all there is to measure.
start_server() {
  local server=$1 line=$2 port limits=()
  port=$(free_port)
  address=127.0.0.1:$port
  case $server in
    ours)
      case $line in
        binding | plain-binding | allocate | ten-thousand | fan)
          limits=(--limit replies-per-second=1000000 --limit reply-burst=1000000 --limit replies-per-second-in-all=1000000) ;;
      esac
      [[ $io == linux ]] || limits+=(--portable-sockets)
      "$cli" serve --listen "udp://$address" --realm bench --users-file "$work/users" --allow-peer 127.0.0.0/8 --log-level error \
        --limit allocations-per-user=20000 --limit allocations-per-source=20000 --limit allocations=16000 \
        --limit bytes-per-second-per-allocation=2000000000 "${limits[@]}" >"$work/server.out" 2>"$work/server.err" &
      ;;
    coturn)
      # One thread for each core and one for each allocation's relay, as it does by itself.
      cat >"$work/coturn.conf" <<END
listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port=$port
no-tls
no-dtls
no-cli
lt-cred-mech
user=u:p
realm=bench
allow-loopback-peers
user-quota=0
total-quota=0
log-file=/dev/null
pidfile=$work/coturn.pid
END
      turnserver -c "$work/coturn.conf" >"$work/server.out" 2>"$work/server.err" &
      ;;
    pion)
      "$work/pion" >"$work/server.out" 2>"$work/server.err" &
      ;;
  esac
  server_pid=$!
  for ((i = 0; i < 100; i++)); do
    if [[ $server == pion ]]; then
      address=$(sed -n 's/^listening udp //p' "$work/server.out")
      port=${address##*:}
    fi
    if [[ -n $port ]] && ss -Huln "sport = :$port" | grep -q .; then
      sleep 0.2
      return
    fi
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "relay.sh: $server does not start" >&2
  cat "$work/server.err" >&2
  exit 2
}

number() { sed -n "s/.*\"$1\":\\(-\\{0,1\\}[0-9.]*\\).*/\\1/p" <<<"$2"; }

# One figure a line: NAME VALUE, kept for the median.
note() { [[ -z $3 ]] || echo "$3" >>"$figures/$1.$2"; }

# Clients, peers and floods stand for other machines. A server does not push those aside when a packet reaches it: they run at a real-time priority where that may be
# had. A flood does not take the processors of the server that it is sent to: it runs at the lowest priority, and must reach its rate all the same.
ahead=()
if command -v chrt >/dev/null && chrt -f 1 true 2>/dev/null; then ahead=(chrt -f 1); fi
behind=(nice -n 19)

bench() { "${ahead[@]}" "$cli" bench "$@" --json 2>>"$work/bench.err" || true; }

bulk() {
  local server=$1 line=$2 json
  shift 2
  json=$(bench turn "$address" --user u --pid "$server_pid" --clients 8 --run 32 --duration "$seconds" --warm-up 3 "$@")
  relayed "$server" "$line" "$json"
}

relayed() {
  note "$2.cpu" "$1" "$(number serverCpuUsPerPacket "$3")"
  note "$2.rate" "$1" "$(number perSecond "$3")"
  note "$2.lost" "$1" "$(number lostPercent "$3")"
  note "$2.corrupted" "$1" "$(number corrupted "$3")"
}

bindings() {
  local server=$1 line=$2 json
  shift 2
  json=$(bench stun "$address" --pid "$server_pid" --sources 8 --run 32 --duration "$seconds" --warm-up 3 "$@")
  relayed "$server" "$line" "$json"
}

# A processor of a virtual machine that falls idle is given to others, and comes back milliseconds later: loops that any thread may push aside keep them awake.
stay_awake() {
  local core
  command -v chrt >/dev/null || return 0
  for ((core = 0; core < $(nproc); core++)); do
    chrt -i 0 bash -c 'while :; do :; done' &
    awake+=($!)
  done
}
may_sleep() {
  local pid
  for pid in "${awake[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  awake=()
}

# A legitimate relay of 500 packets a second, there and back, from another address than the flood and authenticated before it.
relay_legitimately() {
  "${ahead[@]}" "$cli" bench turn "$address" --user u --local 127.0.0.2 --clients 1 --rate 500 --direction echo --warm-up 3 --duration "$seconds" --json \
    2>>"$work/bench.err"
}
note_legitimate() {
  local server=$1 line=$2 json=$3
  note "$line.lost" "$server" "$(number lostPercent "$json")"
  note "$line.p99" "$server" "$(number p99 "$json")"
}

beside_flood() {
  local server=$1 line=$2 flood_pid
  shift 2
  relay_legitimately >"$work/legit.json" &
  others=($!)
  sleep 1
  "${behind[@]}" "$cli" bench flood "$@" "$address" --local 127.1.0.1 --spread --warm-up 0 --duration $((seconds + 3)) --json \
    >"$work/flood.json" 2>>"$work/bench.err" &
  flood_pid=$!
  others+=("$flood_pid")
  wait "${others[0]}" || true
  wait "$flood_pid" || true
  others=()
  note_legitimate "$server" "$line" "$(cat "$work/legit.json")"
  note "$line.flood" "$server" "$(number sentPerSecond "$(cat "$work/flood.json")")"
}

measure() {
  local server=$1 line=$2 json crowd
  case $line in
    bulk-out) bulk "$server" "$line" --segmented ;;
    bulk-in) bulk "$server" "$line" --segmented --direction in ;;
    bulk-1200) bulk "$server" "$line" --segmented --size 1200 ;;
    plain-out) bulk "$server" "$line" ;;
    plain-in) bulk "$server" "$line" --direction in ;;
    plain-1200) bulk "$server" "$line" --size 1200 ;;
    fan)
      json=$(bench turn "$address" --user u --pid "$server_pid" --clients 200 --run 1 --direction both --duration "$seconds" --warm-up 3)
      relayed "$server" "$line" "$json" ;;
    binding) bindings "$server" "$line" --segmented ;;
    plain-binding) bindings "$server" "$line" ;;
    allocate)
      # Memory by the first crowd, the processor by the three after it: by then code is compiled and tables have grown, as in a server that lives for days.
      bench alloc "$address" --user u --count 300 --settle 4 >/dev/null
      json=$(bench alloc "$address" --user u --pid "$server_pid" --count 3000 --settle 10)
      note memory.each "$server" "$(number perAllocation "$json")"
      note memory.back "$server" "$(awk -v b="$(number before "$json")" -v a="$(number after "$json")" 'BEGIN { print (a - b) / 1024 }')"
      for crowd in 1 2 3; do
        json=$(bench alloc "$address" --user u --pid "$server_pid" --count 3000)
        note allocate.cpu "$server" "$(number serverCpuUsPerPacket "$json")"
        note allocate.received "$server" "$(number received "$json")"
      done ;;
    ten-thousand)
      [[ $server == ours ]] || return 0
      bench alloc "$address" --user u --count 300 >/dev/null
      json=$(bench alloc "$address" --user u --pid "$server_pid" --count 10000 --refresh --ring)
      note ten-thousand.received "$server" "$(number received "$json")"
      note ten-thousand.refreshed "$server" "$(number refreshed "$json")"
      note ten-thousand.relayed "$server" "$(number relayed "$json")"
      note ten-thousand.each "$server" "$(number perAllocation "$json")" ;;
    no-flood) note_legitimate "$server" "$line" "$(relay_legitimately)" ;;
    garbage) beside_flood "$server" "$line" garbage --segmented --rate 200000 --sources 8 --run 32 ;;
    flood-binding) beside_flood "$server" "$line" binding --rate 50000 --sources 500 ;;
    flood-allocate) beside_flood "$server" "$line" allocate --rate 20000 --sources 500 ;;
    flood-forged) beside_flood "$server" "$line" forged --rate 20000 --sources 500 --user u ;;
  esac
}

# One run of a line with a fresh server.
run_line() { # SERVER LINE
  start_server "$1" "$2"
  measure "$1" "$2"
  kill -0 "$server_pid" 2>/dev/null || echo "relay.sh: $1 has ended by itself" >&2
  stop_server
}

# Of the processors' time so far: what the machine's host took for others, and all of it.
stolen() { awk '$1 == "cpu" { for (i = 2; i <= 9; i++) all += $i; print $9, all }' /proc/stat; }
share() { awk -v s=$(($3 - $1)) -v a=$(($4 - $2)) 'BEGIN { printf "%.2f", a ? 100 * s / a : 0 }'; }

# A processor that the host takes away is no property of a server: a run that lost more than MOST percent is repeated, and of ATTEMPTS at most the one that lost least
# counts, whatever came out of it.
run_line_steadily() { # SERVER LINE MOST ATTEMPTS
  local before after lost least='' attempt
  for ((attempt = 1; attempt <= $4; attempt++)); do
    figures=$work/attempt
    rm -rf "$figures"
    mkdir "$figures"
    stay_awake
    before=$(stolen)
    run_line "$1" "$2"
    after=$(stolen)
    may_sleep
    lost=$(share ${before% *} ${before#* } ${after% *} ${after#* })
    if [[ -z $least ]] || awk "BEGIN { exit !($lost < $least) }"; then
      least=$lost
      rm -rf "$work/kept"
      mv "$figures" "$work/kept"
    fi
    awk "BEGIN { exit !($lost <= $3) }" && break
  done
  figures=$work/figures
  for file in "$work"/kept/*; do
    [[ ! -f $file ]] || cat "$file" >>"$figures/$(basename "$file")"
  done
}

median() { [[ -f $work/figures/$1.$2 ]] && sort -g "$work/figures/$1.$2" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
largest() { [[ -f $work/figures/$1.$2 ]] && sort -g "$work/figures/$1.$2" | tail -n 1; }
smallest() { [[ -f $work/figures/$1.$2 ]] && sort -g "$work/figures/$1.$2" | head -n 1; }

mkdir "$work/figures"
figures=$work/figures
load=$(cut -d ' ' -f 1 /proc/loadavg)
begun=$(stolen)
for ((round = 1; round <= rounds; round++)); do
  for line in $lines; do
    [[ $line != managed ]] || continue
    # These differ most from start to start, the fan by a tenth: more of them.
    case $line in
      fan | flood-binding) turns=3 ;;
      *) turns=1 ;;
    esac
    for ((turn = 1; turn <= turns; turn++)); do
      for server in $servers; do
        [[ $line != ten-thousand || $server == ours ]] || continue
        echo "Round $round of $rounds: $line, $server" >&2
        case $line in
          no-flood | garbage | flood-*) run_line_steadily "$server" "$line" 0.2 4 ;;
          allocate | ten-thousand) run_line_steadily "$server" "$line" 100 1 ;;
          *) run_line_steadily "$server" "$line" 1 2 ;;
        esac
      done
    done
  done
done
ended=$(stolen)
steal=$(share ${begun% *} ${begun#* } ${ended% *} ${ended#* })

failed=0
# row TITLE FORMAT OURS COTURN PION RATIO TARGET MET
row() { echo "| $1 | $2 | $3 | $4 | $5 | $6 | $7 |" >>"$work/table"; }
show() { [[ -n $1 ]] && printf "${2:-%.2f}" "$1" || printf -- '-'; }
ratio() { [[ -n $1 && -n $2 ]] && awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b }'; }
verdict() { # VALUE OPERATOR BOUND
  [[ -n $1 ]] && awk -v a="$1" -v b="$3" "BEGIN { exit !(a $2 b) }" && echo met || { failed=1; echo '**not met**'; }
}

compare() { # TITLE FIGURE OPERATOR BOUND UNIT FORMAT
  local ours coturn pion part
  ours=$(median "$2" ours) || true
  coturn=$(median "$2" coturn) || true
  pion=$(median "$2" pion) || true
  part=$(ratio "$ours" "$coturn") || true
  row "$1" "$(show "$ours" "$6") $5" "$(show "$coturn" "$6") $5" "$(show "$pion" "$6") $5" "${part:--}" "${3/=/= }$4" "$(check "$part" "$3" "$4")"
}
tell() { # TITLE LINE
  local ours coturn pion part
  ours=$(median "$2.cpu" ours) || true
  coturn=$(median "$2.cpu" coturn) || true
  pion=$(median "$2.cpu" pion) || true
  part=$(ratio "$ours" "$coturn") || true
  row "$1" "$(show "$ours") us" "$(show "$coturn") us" "$(show "$pion") us" "${part:--}" - -
}
check() { verdict "$@" >"$work/verdict" || true; cat "$work/verdict"; [[ $(cat "$work/verdict") == met ]] || touch "$work/failed"; }

# p99 and loss of all servers, in figures: ours coturn pion
legitimate_parts() { # LINE
  local part='' server
  for server in ours coturn pion; do
    part+="$(show "$(median "$1.p99" "$server" || true)" '%.2f') ms, $(show "$(largest "$1.lost" "$server" || true)" '%g') % lost|"
  done
  echo "$part"
}
flood_row() { # TITLE LINE RATE BOUND
  IFS='|' read -r ours coturn pion <<<"$(legitimate_parts "$2")"
  local p99 lost
  p99=$(median "$2.p99" ours) || true
  lost=$(largest "$2.lost" ours) || true
  local met
  met=$(check "$p99" '<=' "$4")
  [[ $met != met ]] || met=$(check "$lost" '<=' 0)
  # A flood that the generator could not send proves nothing.
  [[ $met != met ]] || met=$(check "$(smallest "$2.flood" ours || true)" '>=' $(($3 * 9 / 10)))
  row "$1, sent $(show "$(median "$2.flood" ours || true)" '%.0f')/s" "$ours" "$coturn" "$pion" - "100 %, p99 <= $4 ms" "$met"
}

: >"$work/table"
for line in $lines; do
  case $line in
    bulk-out)
      compare 'bulk, client to peer: CPU per packet' bulk-out.cpu '<=' 0.48 us '%.2f'
      compare 'bulk, client to peer: delivered' bulk-out.rate '>=' 1.5 '/s' '%.0f' ;;
    bulk-in) compare 'bulk, peer to client: CPU per packet' bulk-in.cpu '<=' 0.48 us '%.2f' ;;
    bulk-1200) compare 'bulk, 1200-byte payloads: CPU per packet' bulk-1200.cpu '<=' 0.48 us '%.2f' ;;
    plain-out) tell 'each packet by itself: bulk, client to peer' plain-out ;;
    plain-in) tell 'each packet by itself: bulk, peer to client' plain-in ;;
    plain-1200) tell 'each packet by itself: bulk, 1200-byte payloads' plain-1200 ;;
    plain-binding) tell 'each request by itself: Binding' plain-binding ;;
    fan) compare 'fan, 200 allocations, both directions: CPU per packet' fan.cpu '<=' 0.75 us '%.2f' ;;
    binding) compare 'Binding, 8 sources, runs of 32: CPU per request' binding.cpu '<=' 0.60 us '%.2f' ;;
    allocate)
      compare 'Allocate, 3000 in a row: CPU each' allocate.cpu '<=' 0.50 us '%.1f'
      each=$(median memory.each ours) || true
      row 'resident memory per allocation at 3000' "$(show "$(ratio "$each" 1024 || true)") KiB" "$(show "$(ratio "$(median memory.each coturn || true)" 1024 || true)") KiB" \
        "$(show "$(ratio "$(median memory.each pion || true)" 1024 || true)") KiB" - '<= 8 KiB' "$(check "$each" '<=' 8192)"
      back=$(median memory.back ours) || true
      row '10 s after their release, above before' "$(show "$back" '%.0f') KiB" "$(show "$(median memory.back coturn || true)" '%.0f') KiB" \
        "$(show "$(median memory.back pion || true)" '%.0f') KiB" - '<= 1024 KiB' "$(check "$back" '<=' 1024)" ;;
    ten-thousand)
      met=met
      for part in received refreshed relayed; do
        [[ $(check "$(smallest "ten-thousand.$part" ours || true)" '>=' 10000) == met ]] || met='**not met**'
      done
      row '10,000 allocations: live, refreshed, relaying' "$(smallest ten-thousand.received ours || echo -), $(smallest ten-thousand.refreshed ours || echo -), $(smallest ten-thousand.relayed ours || echo -)" - - - 'all' "$met"
      each=$(median ten-thousand.each ours) || true
      row '10,000 allocations: resident memory each' "$(show "$(ratio "$each" 1024 || true)") KiB" - - - '<= 12 KiB' "$(check "$each" '<=' 12288)" ;;
    managed)
      echo 'Testing that a relayed packet allocates nothing' >&2
      if dotnet test "$root/tests/Transport.Tests" -c Release -nodeReuse:false -v q --nologo --filter 'FullyQualifiedName~TurnServerHostAllocationTests' >"$work/managed.log" 2>&1 \
        && ! grep -q 'No test matches' "$work/managed.log"; then
        row 'managed bytes per relayed packet' '0' - - - 0 met
      else
        touch "$work/failed"
        row 'managed bytes per relayed packet' '?' - - - 0 '**not met**'
      fi ;;
    no-flood)
      IFS='|' read -r ours coturn pion <<<"$(legitimate_parts no-flood)"
      row '500/s relayed with nothing beside' "$ours" "$coturn" "$pion" - - - ;;
    garbage) flood_row '500/s relayed under 200,000 garbage/s' garbage 200000 1 ;;
    flood-binding) flood_row '500/s relayed under 50,000 Binding/s, 500 sources' flood-binding 50000 1.5 ;;
    flood-allocate) flood_row '500/s relayed under 20,000 Allocate/s' flood-allocate 20000 1.5 ;;
    flood-forged) flood_row '500/s relayed under 20,000 forged integrity/s' flood-forged 20000 1.5 ;;
  esac
done

# A figure of packets that were not what was sent is none.
for file in "$work"/figures/*.corrupted.ours; do
  if [[ -f $file ]] && grep -qv '^0$' "$file"; then
    touch "$work/failed"
    echo "relay.sh: wrong payloads: $(basename "$file")" >&2
  fi
done

version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo unknown; }
runtime=$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \([^ ]*\) .*/\1/p' | tail -n 1)
{
  echo '# The relay beside coturn and pion'
  echo
  echo '| line | ours | coturn | pion | ours / coturn | target | |'
  echo '| --- | --- | --- | --- | --- | --- | --- |'
  cat "$work/table"
  echo
  echo "Medians of $rounds rounds, the servers in turn within each line, each freshly started, ${seconds} s measured after 3 s of warm-up; three turns a round for the fan and the Binding flood, whose runs differ most; Allocate by three crowds of 3000 a start. Losses are the worst round's."
  echo "CPU is user and system time of the server's whole process for each packet that arrived, all of which were checked byte for byte. 172-byte payloads unless said otherwise."
  echo "p99 is there and back. Generator and server share the machine."
  echo "The runs of the bulk lines, of Binding and of garbage leave the generator as UDP_SEGMENT messages, for all servers alike; in the lines that say so every packet is sent by itself."
  [[ ${#ahead[@]} -eq 0 ]] || echo "Clients and peers stand for other machines and run at a real-time priority, so that no server pushes them aside. Floods stand for other machines too and run at the lowest priority: they take no processor from a server, and must reach their rate all the same."
  ! command -v chrt >/dev/null || echo "Idle loops, which any thread pushes aside, keep the processors awake in all runs."
  echo "Runs with a p99 in which the machine's host took more than 0.2 % of the processors' time were repeated, three times at most; of the others, but not Allocate and 10,000 allocations, those in which it took more than 1 %, once. The one it took least from counts."
  echo
  echo "- Date: $(date -u +%F), commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)"
  echo "- Machine: $(lscpu | sed -n 's/^Model name: *//p' | head -n 1), $(nproc) cores, Linux $(uname -r), load $load at the start, $steal % of the processors' time taken by the machine's host"
  echo "- Ours: .NET $runtime, ReadyToRun, default settings, $io sockets, $(nproc) shards; limits raised as bench/relay.sh shows"
  echo "- coturn $(version coturn): its own number of threads, no TLS, no log, no quota"
  echo "- pion/turn $(version golang-github-pion-turn.v2-dev), $(go version | cut -d ' ' -f 3,4): the program of tests/Interop.Tests/pion/turnserver"
  echo "- Again: \`bench/relay.sh\`; what is measured and how to read it: [bench/README.md](../README.md)"
} >"$work/relay.md"
if [[ -n $output ]]; then
  mkdir -p "$(dirname "$output")"
  cp "$work/relay.md" "$output"
fi

cat "$work/relay.md"
if [[ -s $work/bench.err ]]; then
  sort "$work/bench.err" | uniq -c | sort -rn | head -n 5 >&2
fi

[[ ! -e $work/failed ]]
