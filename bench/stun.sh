#!/usr/bin/env bash
# Runs pion/stun's own Go benchmarks and ours in turn and writes bench/results/stun.md.
# Exits 1 where one of our operations is slower than pion's or allocates, 2 where something is missing.
#   bench/stun.sh [ROUNDS]      default: 5
set -euo pipefail

rounds=${1:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
results=$root/bench/results/stun.md
gocode=/usr/share/gocode

[[ $rounds =~ ^[1-9][0-9]?$ ]] || { echo "stun.sh: ROUNDS is a number from 1 to 99" >&2; exit 2; }
for tool in go dotnet taskset lscpu; do
  command -v "$tool" >/dev/null || { echo "stun.sh: $tool is missing (Debian: golang-go, dotnet-sdk-10.0, util-linux)" >&2; exit 2; }
done
[[ -d $gocode/src/github.com/pion/stun ]] || { echo "stun.sh: pion/stun is missing (Debian: golang-github-pion-stun-dev)" >&2; exit 2; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "Building both sides" >&2
mkdir "$work/gopath"
(cd "$work" && GO111MODULE=off GOFLAGS='' GOPATH=$work/gopath:$gocode GOCACHE=$work/cache \
  go test -c -o "$work/pion" github.com/pion/stun)
dotnet build "$root/bench/Bench" -c Release -nodeReuse:false -v q --nologo >&2
ours=$root/bench/Bench/bin/Release/net10.0/stack-bench.dll

# The last processor: the first one serves most interrupts. Root may also go ahead of other work.
processor=$(($(nproc) - 1))
ahead=()
[[ $(id -u) -ne 0 ]] || ahead=(nice -n -10)
names='^Benchmark(Decode|Message_ForEach|BuildOverhead|MessageFull|Fingerprint_(AddTo|Check)|MessageIntegrity_(AddTo|Check)|XORMappedAddress_(AddTo|GetFrom))$'
load=$(cut -d ' ' -f 1 /proc/loadavg)

for ((round = 1; round <= rounds; round++)); do
  echo "Round $round of $rounds" >&2
  (cd "$work" && "${ahead[@]}" taskset -c "$processor" ./pion -test.run '^$' -test.bench "$names" \
    -test.cpu 1 -test.benchtime 20ms -test.count 11 -test.benchmem) >>"$work/pion.txt"
  "${ahead[@]}" dotnet "$ours" stun-side-by-side "$processor" >>"$work/ours.txt"
done

good=0
dotnet "$ours" stun-table "$work/pion.txt" "$work/ours.txt" >"$work/table.md" || good=1

version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo unknown; }
cpu=$(lscpu | sed -n 's/^Model name: *//p' | head -n 1)
runtime=$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \([^ ]*\) .*/\1/p' | tail -n 1)
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
{
  echo "# STUN codec beside pion/stun"
  echo
  cat "$work/table.md"
  echo
  echo "Each figure is the median of $((rounds * 11)) batches of 20 ms, $rounds rounds in turn, both sides on processor $processor."
  echo
  echo "- Date: $(date -u +%F), commit $commit"
  echo "- Machine: $cpu, $(nproc) cores, Linux $(uname -r), load $load at the start"
  echo "- Ours: .NET SDK $(dotnet --version), runtime $runtime, default settings; cryptography by $(openssl version 2>/dev/null | cut -d ' ' -f 1,2 || echo OpenSSL)"
  echo "- pion: golang-github-pion-stun-dev $(version golang-github-pion-stun-dev), $(go version | cut -d ' ' -f 3,4)"
  echo "- Again: \`bench/stun.sh\`; what is measured and how to read it: [bench/README.md](../README.md)"
} >"$work/stun.md"
mkdir -p "$(dirname "$results")"
cp "$work/stun.md" "$results"

cat "$results"
if ((good != 0)); then
  echo "stun.sh: an operation of ours is slower than pion's, allocates, or is missing" >&2
fi

exit "$good"
