// A client of the example signaling of libdatachannel and node-datachannel: node libdatachannel.mjs URL ID [PEER]
// Calls PEER, or waits to be called. Prints what happens; ends after a message in both directions.
import nodeDataChannel from 'node-datachannel';
import WebSocket from 'ws';
import { endInTime, say, watchDtls } from './say.mjs';

const [url, id, callee] = process.argv.slice(2);
const peers = new Map();
const socket = new WebSocket(`${url}/${id}`);
const heard = { message: false, echo: false };
endInTime();

function send(message) {
  socket.send(JSON.stringify(message));
}

function connect(peer) {
  const connection = new nodeDataChannel.PeerConnection(id, { iceServers: [] });
  peers.set(peer, connection);
  const watch = watchDtls();
  connection.onStateChange((state) => {
    say('state', { peer, state });
    watch(state);
  });
  connection.onIceStateChange((state) => {
    say('ice', { peer, state });
    watch(state);
  });
  connection.onLocalDescription((description, type) => send({ id: peer, type, description }));
  connection.onLocalCandidate((candidate, mid) => send({ id: peer, type: 'candidate', candidate, mid }));
  connection.onDataChannel((channel) => open(peer, channel));
  return connection;
}

function open(peer, channel) {
  say('open', { peer, label: channel.getLabel() });
  channel.onMessage((text) => {
    say('message', { peer, text });
    if (text.startsWith('Hello from')) {
      heard.message = true;
      channel.sendMessage(`Echo by ${id}`);
    } else {
      heard.echo = true;
    }

    if (heard.message && heard.echo) {
      setTimeout(() => process.exit(0), 300);
    }
  });
  channel.sendMessage(`Hello from ${id}`);
}

socket.on('open', () => {
  say('connected');
  if (callee) {
    const channel = connect(callee).createDataChannel('test');
    channel.onOpen(() => open(callee, channel));
  }
});
socket.on('message', (data) => {
  const message = JSON.parse(data);
  say('received', { from: message.id, type: message.type });
  const connection = peers.get(message.id) ?? (message.type === 'offer' ? connect(message.id) : undefined);
  if (message.type === 'offer' || message.type === 'answer') {
    connection?.setRemoteDescription(message.description, message.type);
  } else if (message.type === 'candidate') {
    connection?.addRemoteCandidate(message.candidate, message.mid);
  }
});
socket.on('error', (error) => {
  say('error', { message: error.message });
  process.exit(4);
});
