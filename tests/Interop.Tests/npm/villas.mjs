// A peer that does what VILLASnode's webrtc node does: node villas.mjs URL SESSION NAME [stay]
// Prints what happens; ends after a message in both directions, unless it is to stay.
import nodeDataChannel from 'node-datachannel';
import WebSocket from 'ws';
import { endInTime, say, watchDtls } from './say.mjs';

const [url, session, name, stay] = process.argv.slice(2);
const socket = new WebSocket(`${url}/${session}/${name}`, 'webrtc-signaling');
let connection;
let pair = '';
let role = 'standby';
endInTime();

function send(message) {
  // Indented by two, as its writer has it; never above 4096 bytes.
  const text = JSON.stringify(message, null, 2);
  if (text.length > 4096) {
    throw new Error(`a message of ${text.length} bytes`);
  }

  socket.send(text);
}

function start() {
  connection?.close();
  connection = new nodeDataChannel.PeerConnection(name, { iceServers: [] });
  const watch = watchDtls();
  connection.onStateChange((state) => {
    say('state', { state });
    watch(state);
  });
  connection.onIceStateChange((state) => {
    say('ice', { state });
    watch(state);
  });
  connection.onLocalDescription((sdp, type) => send({ description: { spd: sdp, type } }));
  connection.onLocalCandidate((candidate, mid) => send({ candidate: { spd: candidate.replace(/^a=/, ''), mid } }));
  connection.onDataChannel((channel) => open(channel));
  if (role === 'second') {
    const channel = connection.createDataChannel('villas', { unordered: true, maxRetransmits: 0 });
    channel.onOpen(() => open(channel));
  }
}

function open(channel) {
  say('open', { label: channel.getLabel() });
  channel.onMessage((text) => {
    say('message', { text: String(text) });
    if (!stay) {
      setTimeout(() => process.exit(0), 500);
    }
  });
  channel.sendMessage('Hello from VILLASnode');
}

function onControl(control) {
  const ids = control.peers.map((peer) => {
    if (typeof peer.id !== 'number' || typeof peer.name !== 'string' || typeof peer.remote !== 'string') {
      throw new Error('a peer without its members');
    }

    return peer.id;
  }).sort((a, b) => a - b);
  say('control', { id: control.peer_id, ids });
  const [first, second] = ids;
  if (second === undefined) {
    pair = '';
    return;
  }

  const now = `${first},${second}`;
  if (now === pair) {
    return;
  }

  pair = now;
  role = control.peer_id === first ? 'first' : control.peer_id === second ? 'second' : 'standby';
  say('role', { role });
  if (role !== 'standby') {
    start();
  }
}

socket.on('open', () => send({ signals: [] }));
socket.on('message', (data) => {
  const message = JSON.parse(data);
  const keys = Object.keys(message);
  if (keys.length > 1) {
    throw new Error(`more than one key: ${keys}`);
  }

  if (message.control) {
    onControl(message.control);
  } else if (message.servers) {
    for (const server of message.servers) {
      for (const key of ['url', 'user', 'pass', 'realm', 'expires']) {
        if (typeof server[key] !== 'string') {
          throw new Error(`a server without ${key}`);
        }
      }
    }

    say('servers', { count: message.servers.length });
  } else if (message.description && role !== 'standby' && !(role === 'second' && message.description.type === 'offer')) {
    say('received', { type: message.description.type });
    connection?.setRemoteDescription(message.description.spd, message.description.type);
  } else if (message.candidate && role !== 'standby') {
    say('received', { type: 'candidate' });
    connection?.addRemoteCandidate(message.candidate.spd, message.candidate.mid);
  }
});
socket.on('error', (error) => {
  say('error', { message: error.message });
  process.exit(4);
});
