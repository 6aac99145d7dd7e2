// One line of JSON for each thing that happened: what the tests read.
export function say(event, more = {}) {
  process.stdout.write(JSON.stringify({ event, ...more }) + '\n');
}

// Ends a program that nobody ended and whose end did not come.
export function endInTime() {
  setTimeout(() => {
    say('timeout');
    process.exit(3);
  }, 600000).unref();
}

// Says so and ends when the connection under a channel is lost before or after it opened. DTLS of libdatachannel 0.24 fails to start in one of sixty
// connections (its issue 1632), which no signaling can help: whoever waits for a channel then tries again. The states of ICE and of the connection come in no
// order, and those of ICE not at all once it is closed; but ICE itself does not give up so soon.
const iceGivesUpAfterMs = 20000;

export function watchDtls() {
  const begun = performance.now();
  let hasPath = false;
  return (state) => {
    hasPath ||= state === 'connected' || state === 'completed';
    if (state === 'failed' && (hasPath || performance.now() - begun < iceGivesUpAfterMs)) {
      endWithoutDtls();
    }
  };
}

// What adding a candidate of the peer to a connection that was lost in this way throws; one that came before the description throws something else.
export function endIfLost(error) {
  if (String(error?.message).includes('remote candidate without ICE transport')) {
    endWithoutDtls();
  }
}

process.on('uncaughtException', (error) => {
  endIfLost(error);
  console.error(error);
  process.exit(1);
});

function endWithoutDtls() {
  say('dtls-failed');
  process.exit(5);
}
