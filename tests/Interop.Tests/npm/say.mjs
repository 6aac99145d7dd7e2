// One line of JSON for each thing that happened: what the tests read.
export function say(event, more = {}) {
  process.stdout.write(JSON.stringify({ event, ...more }) + '\n');
}

// Ends the program when both have happened: a message went there and one came back.
export function finishAfter(milliseconds) {
  setTimeout(() => {
    say('timeout');
    process.exit(3);
  }, milliseconds).unref();
}
