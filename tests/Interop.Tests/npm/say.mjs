// One line of JSON for each thing that happened: what the tests read.
export function say(event, more = {}) {
  process.stdout.write(JSON.stringify({ event, ...more }) + '\n');
}

// Ends a program that nobody ended and whose end did not come.
export function endInTime() {
  setTimeout(() => {
    say('timeout');
    process.exit(3);
  }, 180000).unref();
}

// Says so and ends when the connection under a channel is lost before or after it opened. DTLS of libdatachannel 0.24 fails to start in one of sixty
// connections (its issue 1632), which no signaling can help: whoever waits for a channel then tries again.
export function watchDtls() {
  let hasPath = false;
  return (state) => {
    hasPath ||= state === 'connected' || state === 'completed';
    if (hasPath && state === 'failed') {
      say('dtls-failed');
      process.exit(5);
    }
  };
}
